package io.millrace.ingest.source;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One existing topic as a source of examples. Nothing is ever written to it, and it is neither created nor altered.
 *
 * @param topic the topic, under its full name: {@code kafka.prefix} is not put before it
 * @param format how its values are encoded; default {@code json}
 * @param task the task of all its records; default none: {@code fields.task}, or else the record's key
 * @param fields where the fields of an example are
 * @param attributes names of attributes, and JSON pointers to strings, numbers or booleans; a field that is not there is left
 *     out; default none
 * @param labels labels that come later; default none
 */
public record SourceConfig(
        String topic,
        SourceFormat format,
        String task,
        SourceFields fields,
        Map<String, String> attributes,
        @Nullable DelayedLabels labels) {

    public SourceConfig {
        format = format == null ? SourceFormat.JSON : format;
        task = task == null ? "" : task;
        attributes = attributes == null ? Map.of() : attributes;
        if (topic == null || topic.isBlank()) {
            throw new IllegalArgumentException("topic must name a topic, got nothing");
        }
        if (fields == null) {
            throw new IllegalArgumentException("fields must hold at least the key text, got nothing");
        }
        if (!task.isEmpty() && !fields.task().isEmpty()) {
            throw new IllegalArgumentException("task must be left out with fields.task, got \"" + task + "\"");
        }
        attributes.forEach((name, pointer) -> {
            if (pointer == null || pointer.isEmpty()) {
                throw new IllegalArgumentException("attributes." + name + " must be a JSON pointer, got nothing");
            }
            Pointers.check("attributes." + name, pointer);
        });
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        checkLabels(topic, fields, labels);
    }

    private static void checkLabels(String topic, SourceFields fields, @Nullable DelayedLabels labels) {
        if (fields.label().isEmpty() == (labels == null)) {
            throw new IllegalArgumentException(
                    "fields.label must be a JSON pointer, or the section labels must say where the labels come from, got "
                            + (labels == null ? "neither" : "both"));
        }
        if (labels != null && fields.id().isEmpty()) {
            throw new IllegalArgumentException(
                    "fields.id must be a JSON pointer or key, because labels meet their texts by it, got nothing");
        }
        if (labels != null && labels.topic().equals(topic)) {
            throw new IllegalArgumentException(
                    "labels.topic must be another topic than that of the texts, got \"" + topic + "\" for both");
        }
    }

    /** Its topics: of the texts, and of the labels if they have their own. */
    public Stream<String> topics() {
        return Stream.concat(Stream.of(topic), Stream.ofNullable(labels).map(DelayedLabels::topic));
    }

    /** Whether one of its topics can only be read with schemas of a registry. */
    public boolean needsRegistry() {
        return format.needsRegistry() || (labels != null && labels.format().needsRegistry());
    }
}
