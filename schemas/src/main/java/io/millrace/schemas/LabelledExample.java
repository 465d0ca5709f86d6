package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/**
 * A record on {@code examples}, produced by users; the record's key is the task's name.
 *
 * @param id unique within the task
 * @param text the text, or the first of a pair
 * @param textPair the second text of a pair; absent for tasks of single texts
 * @param label one of the task's labels; for a regression task the number as text, see {@link NumberLabel}. Only a line of a file may
 *     lack it
 * @param eventTime when it happened; optional
 * @param weight factor of this example in the task loss, above 0; absent means 1
 * @param attributes free key-value pairs; optional
 */
public record LabelledExample(
        String id,
        String text,
        @Nullable String textPair,
        String label,
        @Nullable Instant eventTime,
        @Nullable Double weight,
        @Nullable Map<String, String> attributes) {}
