package io.millrace.ingest.source;

/**
 * Where the fields of an example are in a record of a source: JSON pointers into its value.
 *
 * @param task name of the task; default none: {@code sources.NAME.task}, or else the record's key
 * @param id id of the example, a string or a whole number, or {@value #KEY} for the record's key; default none: topic,
 *     partition and offset
 * @param text the text, or the first of a pair; required
 * @param textPair the second text of a pair; default none
 * @param label the label, a string, a number or a boolean; default none, and then the labels come from a topic of their own
 * @param time when it happened: an ISO-8601 time with a zone, or milliseconds since 1970; default none
 */
public record SourceFields(String task, String id, String text, String textPair, String label, String time) {

    /** In place of a pointer: the record's key, as UTF-8. */
    static final String KEY = "key";

    public SourceFields {
        task = task == null ? "" : task;
        id = id == null ? "" : id;
        text = text == null ? "" : text;
        textPair = textPair == null ? "" : textPair;
        label = label == null ? "" : label;
        time = time == null ? "" : time;
        if (text.isEmpty()) {
            throw new IllegalArgumentException("fields.text must be a JSON pointer, as /ticket/body, got nothing");
        }
        Pointers.check("fields.task", task);
        Pointers.check("fields.id", id.equals(KEY) ? "" : id);
        Pointers.check("fields.text", text);
        Pointers.check("fields.textPair", textPair);
        Pointers.check("fields.label", label);
        Pointers.check("fields.time", time);
    }
}
