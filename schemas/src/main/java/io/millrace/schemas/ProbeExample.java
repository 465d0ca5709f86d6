package io.millrace.schemas;

/**
 * One labelled example of a probe set: fixed, and never trained on. The record's key is {@link #key()}.
 *
 * @param task the task that it probes
 * @param probeSet name of the probe set
 * @param distribution whether the set lies in or out of the training distribution
 * @param example the example; its id is unique within the probe set
 */
public record ProbeExample(String task, String probeSet, Distribution distribution, LabelledExample example) {

    /** {@code task/probeSet/id}: compaction keeps the newest version of each probe example. */
    public String key() {
        Required.field("ProbeExample.task", task);
        Required.field("ProbeExample.probeSet", probeSet);
        Required.field("ProbeExample.example", example);
        Required.field("ProbeExample.example.id", example.id());
        return task + "/" + probeSet + "/" + example.id();
    }
}
