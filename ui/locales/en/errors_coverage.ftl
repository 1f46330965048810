error-invalid-coverage-setting = The setting “{ $field }” cannot be { $value }.
error-invalid-declared-coverage = The declaration of coverage is not in order ({ $field }: { $value }). It needs an organisation, a city part and an end not before its start.
error-visit-column-missing = The table of visits lacks the column “{ $column }”.
error-invalid-visit-counts = Numbers of visits must be whole numbers from 1.
error-need-not-available = The figures on need “{ $value }” are not available.
error-invalid-plan = No plan can be made: “{ $field }” is { $value }, possible is 1 to { $limit }.
error-reach-without-question = Choose a language, a target group or a type of service.
error-reach-unknown-term = The value “{ $value }” is not known. Choose one that is offered.
