package io.millrace.schemas;

import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * One labelled example of a probe set: fixed, and never trained on. The record's key is {@link #key()}.
 *
 * @param task the task that it probes
 * @param probeSet name of the probe set
 * @param distribution whether the set is in or out of the training distribution
 * @param example the example; its id is unique within the probe set
 */
public record ProbeExample(String task, String probeSet, Distribution distribution, LabelledExample example) {

    /**
     * Most probe sets of a task that are scored. A verdict holds two scores of each and may hold a sentence on it, about
     * 1.5 KiB with the longest names: 200 stay well below the 1 MiB that Kafka takes by default in one record.
     */
    public static final int MAX_SETS = 200;

    /** Longest name of a probe set, in UTF-16 units. */
    public static final int MAX_SET_CHARS = 128;

    /** The fault of {@code name} as the name of a probe set, if any. */
    public static Optional<String> faultOfSet(@Nullable String name) {
        if (name == null || name.isBlank() || name.indexOf('/') >= 0) {
            return Optional.of(
                    "probeSet must be a name without \"/\", got " + (name == null ? "none" : LogSafe.quoted(name)));
        }
        if (name.length() > MAX_SET_CHARS || !LogSafe.isPlain(name)) {
            return Optional.of("probeSet must have at most " + MAX_SET_CHARS
                    + " characters and none that is not shown, got " + LogSafe.quoted(name));
        }
        return Optional.empty();
    }

    /** {@code task/probeSet/id}: compaction keeps the newest version of each probe example. */
    public String key() {
        Required.field("ProbeExample.task", task);
        Required.field("ProbeExample.probeSet", probeSet);
        Required.field("ProbeExample.example", example);
        Required.field("ProbeExample.example.id", example.id());
        return task + "/" + probeSet + "/" + example.id();
    }
}
