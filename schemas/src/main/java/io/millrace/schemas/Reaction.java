package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One automatic change of training, made because of verdicts or of drift. It holds from the checkpoint on with which it is announced.
 *
 * @param cause what it answers
 * @param action what was done
 * @param before the adjustments until then
 * @param after the adjustments from then on
 * @param verdictOn id of the checkpoint whose verdict completed the cause; absent if the cause was no verdict
 * @param probeSets the versions that this verdict rests on, each with its reuse; none if the cause was no verdict
 */
public record Reaction(
        Cause cause,
        Action action,
        Adjustments before,
        Adjustments after,
        @Nullable String verdictOn,
        List<ProbeReuse> probeSets) {

    public Reaction {
        Required.field("Reaction.cause", cause);
        Required.field("Reaction.action", action);
        Required.field("Reaction.before", before);
        Required.field("Reaction.after", after);
        probeSets = Required.list("Reaction.probeSets", probeSets);
    }

    /** What a reaction answers. */
    public enum Cause {
        /** So many rejections in a row that the policy counts. */
        @JsonProperty("rejection")
        REJECTION("rejection"),
        /** A checkpoint trained under adjustments was promoted. */
        @JsonProperty("promotion")
        PROMOTION("promotion"),
        /** Drift of test-then-train accuracy has started. */
        @JsonProperty("drift")
        DRIFT("drift"),
        /** That drift is over. */
        @JsonProperty("recovery")
        RECOVERY("recovery");

        private final String wireName;

        Cause(String wireName) {
            this.wireName = wireName;
        }

        /** The word on the wire and in the metric tag {@code cause}. */
        public String wireName() {
            return wireName;
        }
    }

    /** What was done. */
    public enum Action {
        /** The learning rate was lowered. */
        @JsonProperty("lower-learning-rate")
        LOWER_LEARNING_RATE("lower-learning-rate"),
        /** The weights of the terms beside the task's were raised. */
        @JsonProperty("raise-lambda")
        RAISE_LAMBDA("raise-lambda"),
        /** More examples are replayed. */
        @JsonProperty("raise-replay")
        RAISE_REPLAY("raise-replay"),
        /** Training continues from the newest promoted checkpoint; what was trained since is undone. */
        @JsonProperty("return-to-champion")
        RETURN_TO_CHAMPION("return-to-champion"),
        /** The adjustments that this cause had brought are over. */
        @JsonProperty("reset")
        RESET("reset");

        private final String wireName;

        Action(String wireName) {
            this.wireName = wireName;
        }

        /** The word on the wire and in the metric tag {@code action}. */
        public String wireName() {
            return wireName;
        }
    }

    /**
     * How often training has reacted to verdicts that rest on one version of a probe set.
     *
     * @param probeSet its name
     * @param version its version
     * @param reactions the reactions of the task since the version first appeared, this one included
     */
    public record ProbeReuse(String probeSet, String version, int reactions) {

        public ProbeReuse {
            Required.field("Reaction.probeSets.probeSet", probeSet);
            Required.field("Reaction.probeSets.version", version);
        }
    }
}
