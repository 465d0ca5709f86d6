package io.millrace.ingest.file;

/** A field of an example that a column of a table can hold. */
public enum ExampleField {
    /** {@code id}. */
    ID("id", "--id"),
    /** {@code text}. */
    TEXT("text", "--text"),
    /** {@code textPair}. */
    TEXT_PAIR("textPair", "--text-pair"),
    /** {@code label}. */
    LABEL("label", "--label");

    private final String json;
    private final String option;

    ExampleField(String json, String option) {
        this.json = json;
        this.option = option;
    }

    /** Its name in JSON, which is also the name of its column if no other is given. */
    public String json() {
        return json;
    }

    /** The option of the command line that names its column. */
    public String option() {
        return option;
    }
}
