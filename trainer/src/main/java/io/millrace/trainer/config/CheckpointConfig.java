package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.time.Duration;

/**
 * When a checkpoint is written, and how many are kept. A checkpoint is also written when the stream idles.
 *
 * @param everySteps after this many steps; default 500
 * @param every after this much time since the last one; default 5 minutes
 * @param keep how many checkpoints of a task the store keeps to fall back on; default 5
 * @param keepUnjudged how many more are kept because no evaluator has judged them yet; default 20
 * @param lostOffsets what to do at start if retention has removed examples that no checkpoint covers; default refuse
 */
public record CheckpointConfig(
        Integer everySteps, Duration every, Integer keep, Integer keepUnjudged, LostOffsets lostOffsets) {

    private static final CheckpointConfig DEFAULTS =
            new CheckpointConfig(500, Duration.ofMinutes(5), 5, 20, LostOffsets.REFUSE);

    /** What to do if examples were deleted before they were trained. */
    public enum LostOffsets {
        /** Refuse to start. */
        @JsonProperty("refuse")
        REFUSE,
        /** Continue with what is left; the gap is recorded in the lineage. */
        @JsonProperty("continue")
        CONTINUE
    }

    public CheckpointConfig {
        everySteps = everySteps == null ? DEFAULTS.everySteps : everySteps;
        every = every == null ? DEFAULTS.every : every;
        keep = keep == null ? DEFAULTS.keep : keep;
        keepUnjudged = keepUnjudged == null ? DEFAULTS.keepUnjudged : keepUnjudged;
        lostOffsets = lostOffsets == null ? DEFAULTS.lostOffsets : lostOffsets;
        require(everySteps >= 1, "checkpoints.everySteps", "at least 1", everySteps);
        require(every.toMillis() >= 1, "checkpoints.every", "a positive duration", every);
        require(keep >= 2, "checkpoints.keep", "at least 2", keep);
        require(keepUnjudged >= 0, "checkpoints.keepUnjudged", "at least 0", keepUnjudged);
    }

    /** The defaults. */
    static CheckpointConfig defaults() {
        return DEFAULTS;
    }

    /** With the default number of checkpoints that wait for a verdict. */
    public CheckpointConfig(Integer everySteps, Duration every, Integer keep, LostOffsets lostOffsets) {
        this(everySteps, every, keep, DEFAULTS.keepUnjudged, lostOffsets);
    }
}
