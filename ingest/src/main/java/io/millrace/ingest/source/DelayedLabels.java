package io.millrace.ingest.source;

import java.time.Duration;

/**
 * Labels that come later, on a topic of their own, and meet their text by its id.
 *
 * @param topic the topic of the labels
 * @param format how its values are encoded; default {@code json}
 * @param id JSON pointer to the id of the text, or {@value SourceFields#KEY} for the record's key; default {@code key}
 * @param label JSON pointer to the label
 * @param window how long a text waits for its label, and a label for its text; at least 1 s, default 24 h
 */
public record DelayedLabels(String topic, SourceFormat format, String id, String label, Duration window) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    public DelayedLabels {
        format = format == null ? SourceFormat.JSON : format;
        id = id == null ? SourceFields.KEY : id;
        window = window == null ? Duration.ofHours(24) : window;
        if (topic == null || topic.isBlank()) {
            throw new IllegalArgumentException("labels.topic must name a topic, got nothing");
        }
        if (label == null || label.isEmpty()) {
            throw new IllegalArgumentException("labels.label must be a JSON pointer, as /category, got nothing");
        }
        if (id.isEmpty()) {
            throw new IllegalArgumentException("labels.id must be a JSON pointer or key, got nothing");
        }
        Pointers.check("labels.id", id.equals(SourceFields.KEY) ? "" : id);
        Pointers.check("labels.label", label);
        if (window.compareTo(SHORTEST) < 0 || window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "labels.window must be from " + SHORTEST + " to " + LONGEST + ", got " + window);
        }
    }
}
