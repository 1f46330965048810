// The texts of the front ends: messages of ui/locales/<language>/javascript.ftl, served by /api/v1/strings.

const LOCALES = { cs: "cs-CZ", en: "en-GB", uk: "uk-UA" };

/** Locale of a language of the product; Czech where it is not known. */
export function localeOf(language) {
  return LOCALES[language] ?? LOCALES.cs;
}

export class Strings {
  /** `messages` maps ids to texts with placeholders written as %name%. */
  constructor(messages, language) {
    this.messages = messages;
    this.language = language;
    this.rules = new Intl.PluralRules(localeOf(language));
  }

  /** The message `js-<key>`; an unknown key answers itself, so that a gap is seen and nothing breaks. */
  t(key, params = {}) {
    const text = this.messages[`js-${key}`];
    if (text === undefined) return key;
    return text.replace(/%([a-z]+)%/g, (whole, name) => (name in params ? String(params[name]) : whole));
  }

  /** The form of `key` that `count` asks for; the number is given as %n%, already written out. */
  n(key, count, shown, params = {}) {
    const form = this.rules.select(count);
    const known = [form, "other", "many"].find((name) => `js-${key}-${name}` in this.messages) ?? form;
    return this.t(`${key}-${known}`, { n: shown ?? count, ...params });
  }
}
