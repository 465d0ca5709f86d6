package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The trainer's announcement that a checkpoint is whole and on disk, and which offsets it consumed. Written in one transaction with the
 * records that were rejected from its range.
 *
 * @param checkpoint which checkpoint
 * @param parent id of the checkpoint that it was trained from; absent for the first
 * @param offsets the offsets of {@code accepted-examples} consumed since the parent
 * @param examples how many examples were trained in that range
 * @param training means over the steps since the parent: every loss term, {@code prequentialAccuracy}, {@code gradNorm}
 * @param texts the offsets of {@code texts} consumed since the parent; absent if the task reads no unlabelled text
 * @param gap the part of {@code offsets} that retention removed before it was read; absent if none
 * @param reactions automatic changes of training from this checkpoint on; absent if none
 * @param produced when the examples trained since the parent were produced; absent if none were trained, or their origin has no time
 */
public record CheckpointAnnouncement(
        CheckpointReference checkpoint,
        @Nullable String parent,
        OffsetRange offsets,
        long examples,
        Map<String, Double> training,
        @Nullable OffsetRange texts,
        @Nullable OffsetRange gap,
        @Nullable List<Reaction> reactions,
        @Nullable Produced produced) {

    public CheckpointAnnouncement {
        Required.field("CheckpointAnnouncement.checkpoint", checkpoint);
        Required.field("CheckpointAnnouncement.offsets", offsets);
        training = Required.numbers("CheckpointAnnouncement.training", training);
        reactions = reactions == null ? null : Required.list("CheckpointAnnouncement.reactions", reactions);
    }

    /**
     * The times that the records of a range of examples have on {@code examples}, or on the source that they came from.
     *
     * @param oldest the earliest
     * @param newest the latest
     */
    public record Produced(Instant oldest, Instant newest) {

        public Produced {
            Required.field("CheckpointAnnouncement.produced.oldest", oldest);
            Required.field("CheckpointAnnouncement.produced.newest", newest);
        }
    }

    /** Without the times of its examples. */
    public CheckpointAnnouncement(
            CheckpointReference checkpoint,
            @Nullable String parent,
            OffsetRange offsets,
            long examples,
            Map<String, Double> training,
            @Nullable OffsetRange texts,
            @Nullable OffsetRange gap,
            @Nullable List<Reaction> reactions) {
        this(checkpoint, parent, offsets, examples, training, texts, gap, reactions, null);
    }

    /** Without a change of training. */
    public CheckpointAnnouncement(
            CheckpointReference checkpoint,
            @Nullable String parent,
            OffsetRange offsets,
            long examples,
            Map<String, Double> training,
            @Nullable OffsetRange texts,
            @Nullable OffsetRange gap) {
        this(checkpoint, parent, offsets, examples, training, texts, gap, null, null);
    }

    /** Of a task that reads no unlabelled text. */
    public CheckpointAnnouncement(
            CheckpointReference checkpoint,
            @Nullable String parent,
            OffsetRange offsets,
            long examples,
            Map<String, Double> training) {
        this(checkpoint, parent, offsets, examples, training, null, null, null, null);
    }

    /** The same without {@code training}, for callers that hold many. */
    public CheckpointAnnouncement withoutMeans() {
        return new CheckpointAnnouncement(
                checkpoint, parent, offsets, examples, Map.of(), texts, gap, reactions, produced);
    }
}
