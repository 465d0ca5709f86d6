package io.millrace.ingest.file;

import java.util.Arrays;
import java.util.Optional;

/** What separates the columns of a table. */
public enum Delimiter {
    /** As in most files called CSV. */
    COMMA(',', "comma", "commas", "--format csv"),
    /** As in TSV. */
    TAB('\t', "tab", "tabs", "--format tsv"),
    /** As spreadsheets write CSV where a comma separates decimals. */
    SEMICOLON(';', "semicolon", "semicolons", "--delimiter ';'"),
    /** The vertical bar. */
    PIPE('|', "pipe", "vertical bars", "--delimiter '|'");

    private final char character;
    private final String word;
    private final String plural;
    private final String option;

    Delimiter(char character, String word, String plural, String option) {
        this.character = character;
        this.word = word;
        this.plural = plural;
        this.option = option;
    }

    /** The delimiter that is given as the character itself, or as {@code comma}, {@code tab}, {@code semicolon} or {@code pipe}. */
    public static Optional<Delimiter> of(String text) {
        return Arrays.stream(values())
                .filter(delimiter -> text.equals(delimiter.word) || text.equals(String.valueOf(delimiter.character)))
                .findFirst();
    }

    /** Its name on the command line. */
    public String word() {
        return word;
    }

    char character() {
        return character;
    }

    /** Its name in messages. */
    String plural() {
        return plural;
    }

    /** What to give on the command line instead of {@code given}. */
    String option(Delimiter given) {
        boolean chosen = given == SEMICOLON || given == PIPE;
        return chosen ? "--delimiter " + word : option;
    }
}
