package io.millrace.schemas;

/**
 * A metric of a task left its usual range, stays out of it, or has come back.
 *
 * @param task the task
 * @param phase started, ongoing or recovered
 * @param metric which metric, as {@code prequentialAccuracy} or {@code accuracy/typos}
 * @param detector which rule saw it, with its numbers
 * @param reading what it saw
 * @param step optimizer steps done by then
 */
public record DriftEvent(String task, DriftPhase phase, String metric, String detector, Reading reading, long step) {

    public DriftEvent {
        Required.field("DriftEvent.task", task);
        Required.field("DriftEvent.phase", phase);
        Required.field("DriftEvent.metric", metric);
        Required.field("DriftEvent.detector", detector);
        Required.field("DriftEvent.reading", reading);
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
