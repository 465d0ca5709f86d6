package io.millrace.app.page.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Everything the page shows but the charts: the JSON of {@code /api/state}, which {@code millrace top} reads as well. Strings are as the
 * records have them: show them as text, never as markup.
 *
 * @param service {@code ingest}, {@code trainer}, {@code evaluator} or {@code local}
 * @param started when the process opened the page
 * @param now when this was asked
 * @param version grows with every change
 * @param tasks the names of all tasks
 * @param notes what the page cannot show, and why
 * @param task the task asked for
 */
public record PageState(
        String service, Instant started, Instant now, long version, List<String> tasks, List<String> notes, Task task) {

    /**
     * One task.
     *
     * @param name its name
     * @param pairs whether it takes two texts
     * @param figures figures of this process by name, as {@link ProcessFigures} has them; those that another process has are absent
     * @param training how far training is
     * @param models checkpoints and verdicts
     * @param drift the newest episodes of drift, newest first
     * @param rejected rejected examples by their reason, most frequent first
     * @param scores what the scores are taken on
     */
    public record Task(
            String name,
            boolean pairs,
            Map<String, Double> figures,
            Training training,
            Models models,
            List<Episode> drift,
            List<Rejected> rejected,
            Scores scores) {}

    /**
     * How far training is.
     *
     * @param losses the newest value of every loss term, in nats
     * @param accuracy test-then-train accuracy, a share; absent before the first step or checkpoint
     * @param step steps of the model, by the newest step or checkpoint
     * @param examples examples trained into the checkpoints of the present line
     */
    public record Training(Map<String, Double> losses, @Nullable Double accuracy, long step, long examples) {}

    /**
     * The checkpoints of a task.
     *
     * @param champion the current model; absent before the first promotion
     * @param newest the newest checkpoint; absent before the first
     * @param hold why promotion is on hold; absent if it is not
     * @param checkpoints the newest checkpoints, newest first
     * @param marks the newest verdicts on the present line, for the charts
     * @param announced how many were announced
     * @param promoted how many promotions there were
     * @param lineage the ancestors of the current model, newest first, itself included
     * @param lineageIsWhole whether the last of them is the first checkpoint of all
     */
    public record Models(
            @Nullable Checkpoint champion,
            @Nullable Checkpoint newest,
            @Nullable String hold,
            List<Checkpoint> checkpoints,
            List<Mark> marks,
            long announced,
            long promoted,
            List<Ancestor> lineage,
            boolean lineageIsWhole) {}

    /**
     * A verdict on a chart.
     *
     * @param step the checkpoint's step
     * @param promoted whether it became the current model
     */
    public record Mark(long step, boolean promoted) {}

    /**
     * What the scores are taken on.
     *
     * @param probeSets the probe sets that have scores
     * @param names the names of the scores
     */
    public record Scores(List<ProbeSet> probeSets, List<String> names) {}

    /**
     * A checkpoint and what became of it.
     *
     * @param id its id
     * @param step its step
     * @param at when it was announced, or judged if the announcement is not known
     * @param undone whether training went back behind it
     * @param verdict promoted, rejected or rolled back; absent while it waits
     * @param assessment what the gate found
     * @param byHand who chose it; absent for a verdict of the gate
     * @param reasons why, one sentence each
     * @param scores accuracy per probe set, as shares
     * @param evidence the numbers that the verdict follows from, one line each
     */
    public record Checkpoint(
            String id,
            long step,
            Instant at,
            boolean undone,
            @Nullable String verdict,
            @Nullable String assessment,
            @Nullable String byHand,
            List<String> reasons,
            Map<String, Double> scores,
            List<String> evidence) {}

    /**
     * An episode of drift.
     *
     * @param id its id
     * @param metrics its metrics
     * @param from the step where it was noticed
     * @param to the step where the last of its metrics had recovered; absent while it lasts
     * @param at when it was noticed
     * @param severity minor or major; absent in records of old versions
     * @param words words that are far more frequent than before
     * @param examples examples that show it, each with its label
     */
    public record Episode(
            String id,
            List<Metric> metrics,
            long from,
            @Nullable Long to,
            Instant at,
            @Nullable String severity,
            List<String> words,
            List<String> examples) {}

    /**
     * A metric that drifts or has drifted.
     *
     * @param name its name
     * @param value its newest reading
     * @param reference what the reading is compared with
     * @param detector the rule that saw it
     * @param over whether it has recovered
     */
    public record Metric(String name, double value, double reference, String detector, boolean over) {}

    /**
     * Rejected examples of one reason.
     *
     * @param reason the reason
     * @param count how many, on the part of the topic that was read
     * @param samples the newest, newest first
     */
    public record Rejected(String reason, long count, List<Sample> samples) {}

    /**
     * One rejected record, cut short.
     *
     * @param at when it was rejected
     * @param place topic, partition and offset of the original
     * @param id its id
     * @param message what is wrong with it
     * @param text its beginning
     */
    public record Sample(String at, String place, String id, String message, String text) {}

    /**
     * A checkpoint on the way to the current model.
     *
     * @param id its id
     * @param step its step
     * @param partition the partition of {@code accepted-examples}
     * @param first the first offset since its parent
     * @param next the next offset after it
     * @param examples how many of them were trained
     * @param verdict its verdict; absent without one
     */
    public record Ancestor(
            String id, long step, int partition, long first, long next, long examples, @Nullable String verdict) {}

    /**
     * A probe set.
     *
     * @param name its name
     * @param inDistribution whether it is in the distribution of the stream
     * @param examples how many it holds
     */
    public record ProbeSet(String name, boolean inDistribution, int examples) {}
}
