// Writes values as people of the three languages write them: 1 301 432; 32,4 %; 10. 4. 2018.

import { localeOf } from "./strings.js";

const NBSP = "\u00a0";
const DAY = /^(\d{4})-(\d{2})-(\d{2})/;
const MONTH = /^(\d{4})-(\d{2})$/;

/** A date stands in one line. */
const unbroken = (text) => text.replaceAll(" ", NBSP);

export class Formats {
  constructor(strings) {
    this.strings = strings;
    this.locale = localeOf(strings.language);
    this.collator = new Intl.Collator(this.locale, { numeric: true, sensitivity: "base" });
    this.days = new Intl.DateTimeFormat(this.locale, { dateStyle: this.locale === "en-GB" ? "long" : undefined, timeZone: "UTC" });
    this.months = new Intl.DateTimeFormat(this.locale, { month: "long", year: "numeric", timeZone: "UTC" });
    this.numbers = new Map();
  }

  /** A number with `digits` decimals. Czech groups from four digits on, with a space that does not break. */
  number(value, digits = 0) {
    if (!this.numbers.has(digits)) {
      const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: true };
      this.numbers.set(digits, new Intl.NumberFormat(this.locale, options));
    }
    return this.numbers.get(digits).format(value);
  }

  /** A day; what is no ISO date (only a year, say) comes back as it is. */
  date(value) {
    const parts = DAY.exec(value);
    if (!parts) return MONTH.test(value) ? this.month(value) : String(value);
    return unbroken(this.days.format(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]))));
  }

  /** A month. */
  month(value) {
    const parts = /^(\d{4})-(\d{2})/.exec(value);
    if (!parts) return String(value);
    return unbroken(this.months.format(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, 1)));
  }

  /** Write `value` as the declared field says; `null` where there is nothing to say. */
  value(field, value) {
    if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return null;
    const isNumber = typeof value === "number" && Number.isFinite(value);
    switch (field.formatter) {
      case "integer":
        return isNumber ? this.number(value) : String(value);
      case "decimal":
        return isNumber ? this.number(value, field.digits ?? 1) : String(value);
      case "percent":
        return isNumber ? `${this.number(value, field.digits ?? 1)}${this.strings.language === "en" ? "" : NBSP}%` : String(value);
      case "date":
        return this.date(String(value));
      case "month":
        return this.month(String(value));
      case "term":
        return field.terms?.[value] ?? String(value);
      case "terms":
        return termCodes(value)
          .map((code) => field.terms?.[code] ?? code)
          .join(", ");
      default:
        return String(value);
    }
  }

  /** Compare two raw values of a column for sorting; what is missing comes last in either direction. */
  compare(a, b, direction) {
    const gone = (x) => x === null || x === undefined || x === "";
    if (gone(a) || gone(b)) return Number(gone(a)) - Number(gone(b));
    const order = typeof a === "number" && typeof b === "number" ? a - b : this.collator.compare(String(a), String(b));
    return direction * order;
  }
}

/** The codes of a column that holds several: a list, or a text parted by commas or semicolons. */
export function termCodes(value) {
  if (Array.isArray(value)) return value.map(String);
  return String(value)
    .split(/[;,]/)
    .map((code) => code.trim())
    .filter(Boolean);
}

/** The address as a link may carry it, or null: only http and https. */
export function safeLink(value) {
  try {
    const url = new URL(String(value));
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
