package io.millrace.trainer.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How training answers rejections or drift. */
public enum Response {
    /** Go on as configured. */
    @JsonProperty("continue")
    CONTINUE,
    /** Multiply the scheduled learning rate. */
    @JsonProperty("lower-learning-rate")
    LOWER_LEARNING_RATE,
    /** Divide the weights of all terms but the task's by the factor. */
    @JsonProperty("raise-lambda")
    RAISE_LAMBDA,
    /** Divide the share of replayed examples by the factor. */
    @JsonProperty("raise-replay")
    RAISE_REPLAY,
    /** Undo what was trained since the newest promoted checkpoint. */
    @JsonProperty("return-to-champion")
    RETURN_TO_CHAMPION
}
