package io.millrace.schemas;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A classification task as every service knows it.
 *
 * @param name key of its records on every topic; lower-case letters, digits, {@code -} and {@code _}, at most 64
 * @param kind single texts or pairs
 * @param labels the label names in the order of the model's logits; at least one, no repeats
 * @param maxTextChars longest {@code text} or {@code textPair} accepted, in UTF-16 units
 */
public record Task(String name, TaskKind kind, List<String> labels, int maxTextChars) {

    /** What a task name must look like: it becomes a directory, a transactional id and a metric tag. */
    public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    public Task {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("task name must match " + NAME + ", got \"" + name + "\"");
        }
        if (kind == null) {
            throw new IllegalArgumentException("tasks." + name + ".kind must be single or pair, got none");
        }
        if (labels == null || labels.isEmpty()) {
            throw new IllegalArgumentException("tasks." + name + ".labels must name at least one label, got none");
        }
        if (labels.stream().anyMatch(label -> label == null || label.isBlank())) {
            throw new IllegalArgumentException("tasks." + name + ".labels must not hold a blank label, got " + labels);
        }
        labels = List.copyOf(labels);
        if (new LinkedHashSet<>(labels).size() != labels.size()) {
            throw new IllegalArgumentException("tasks." + name + ".labels must not repeat a label, got " + labels);
        }
        if (maxTextChars < 1) {
            throw new IllegalArgumentException(
                    "tasks." + name + ".maxTextChars must be at least 1, got " + maxTextChars);
        }
    }
}
