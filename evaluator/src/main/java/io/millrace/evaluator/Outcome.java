package io.millrace.evaluator;

import java.util.Optional;

/**
 * The outcome of one record on {@code checkpoints}: exactly one of the two is present.
 *
 * @param judgement the judgement of the announced checkpoint
 * @param skipReason why there is no judgement
 */
record Outcome(Optional<Judgement> judgement, Optional<SkipReason> skipReason) {

    /** Why a record is skipped. */
    enum SkipReason {
        /** It is not a checkpoint announcement. */
        MALFORMED("malformed"),
        /** This process does not know its task. */
        UNKNOWN_TASK("unknown-task"),
        /** The trainer deleted the checkpoint before it could be judged, and has announced a newer one. */
        GONE("gone");

        private final String tag;

        SkipReason(String tag) {
            this.tag = tag;
        }

        /** The value of the metric tag {@code reason}. */
        String tag() {
            return tag;
        }
    }

    static Outcome judged(Judgement judgement) {
        return new Outcome(Optional.of(judgement), Optional.empty());
    }

    static Outcome skipped(SkipReason reason) {
        return new Outcome(Optional.empty(), Optional.of(reason));
    }
}
