package io.millrace.ingest.file;

/** What separates the columns of a table. */
enum Delimiter {
    COMMA(',', "commas", "--format csv"),
    TAB('\t', "tabs", "--format tsv");

    private final char character;
    private final String plural;
    private final String option;

    Delimiter(char character, String plural, String option) {
        this.character = character;
        this.plural = plural;
        this.option = option;
    }

    char character() {
        return character;
    }

    /** Its name in messages. */
    String plural() {
        return plural;
    }

    /** The option of the command line that chooses it. */
    String option() {
        return option;
    }
}
