package io.millrace.trainer.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The detector of a fall in test-then-train accuracy. */
public enum DriftDetector {
    /** Proven expected run length. */
    @JsonProperty("e-detector")
    E_DETECTOR,
    /** Expected run length proven for independent examples. */
    @JsonProperty("adwin")
    ADWIN,
    /** Expected run length by simulation. */
    @JsonProperty("page-hinkley")
    PAGE_HINKLEY,
    /** False alarms cannot be set. */
    @JsonProperty("ddm")
    DDM,
    /** The rule of earlier versions; false alarms cannot be set. */
    @JsonProperty("fall-below-best")
    FALL_BELOW_BEST
}
