package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A metric of a task left its usual range, stays out of it, or has come back.
 *
 * @param task the task
 * @param phase started, ongoing or recovered
 * @param metric which metric, as {@code prequentialAccuracy} or {@code accuracy/typos}
 * @param detector which rule saw it, with its numbers
 * @param reading what it saw
 * @param step optimizer steps done by then
 * @param episode the episode that it belongs to; absent in records of earlier versions
 */
public record DriftEvent(
        String task,
        DriftPhase phase,
        String metric,
        String detector,
        Reading reading,
        long step,
        @Nullable Episode episode) {

    public DriftEvent {
        Required.field("DriftEvent.task", task);
        Required.field("DriftEvent.phase", phase);
        Required.field("DriftEvent.metric", metric);
        Required.field("DriftEvent.detector", detector);
        Required.field("DriftEvent.reading", reading);
    }

    /** One that belongs to no episode. */
    public DriftEvent(String task, DriftPhase phase, String metric, String detector, Reading reading, long step) {
        this(task, phase, metric, detector, reading, step, null);
    }

    /** How bad a drift is. */
    public enum Severity {
        /** Anything less than major. */
        @JsonProperty("minor")
        MINOR,
        /** The metric is at least four times as far from its reference as it may be without drift. */
        @JsonProperty("major")
        MAJOR
    }

    /**
     * Drift that has one cause, as far as one can tell: the metrics that started to drift within one cooldown.
     *
     * @param id the same for all its events, and for no other episode of the task
     * @param metrics the metrics that have drifted in it so far, this one included
     * @param severity of this metric: by its start in the trainer, by this reading in the evaluator
     * @param began where in {@code accepted-examples} the drift of this metric probably began; absent for drift on a probe set
     * @param words words that are far more frequent than in the reference, most typical first; when drift starts, else absent
     * @param examples examples that show it; when drift starts, else absent
     */
    public record Episode(
            String id,
            List<String> metrics,
            Severity severity,
            @Nullable OffsetRange began,
            @Nullable List<String> words,
            @Nullable List<ShownExample> examples) {

        public Episode {
            Required.field("DriftEvent.episode.id", id);
            metrics = Required.list("DriftEvent.episode.metrics", metrics);
            Required.field("DriftEvent.episode.severity", severity);
            words = words == null ? null : Required.list("DriftEvent.episode.words", words);
            examples = examples == null ? null : Required.list("DriftEvent.episode.examples", examples);
        }
    }

    /**
     * An example that shows a drift. Long texts are cut, and characters that deceive are shown as escapes.
     *
     * @param id of the example
     * @param text its beginning
     * @param label its label
     */
    public record ShownExample(String id, String text, String label) {

        public ShownExample {
            Required.field("DriftEvent.episode.examples.id", id);
            Required.field("DriftEvent.episode.examples.text", text);
            Required.field("DriftEvent.episode.examples.label", label);
        }
    }

    /**
     * The reading of the detector.
     *
     * @param value the metric now
     * @param reference what it is compared with
     * @param magnitude how far it is from the reference: {@code reference - value} for metrics that should be high
     * @param window observations behind {@code value}
     */
    public record Reading(double value, double reference, double magnitude, long window) {

        public Reading {
            Required.finite("DriftEvent.reading.value", value);
            Required.finite("DriftEvent.reading.reference", reference);
            Required.finite("DriftEvent.reading.magnitude", magnitude);
        }
    }
}
