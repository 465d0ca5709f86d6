package io.millrace.trainer.policy;

import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.PolicyState.VerdictPosition;

import java.util.List;

/** The verdicts on one task's checkpoints as they are published. */
public interface VerdictFeed extends AutoCloseable {

    /**
     * A verdict and its place.
     *
     * @param update the verdict
     * @param offset its offset
     */
    record LocatedVerdict(ModelUpdate update, long offset) {}

    /** Those that have arrived since the last call, oldest first. Does not wait. */
    List<LocatedVerdict> poll();

    /** Where it reads next. */
    VerdictPosition position();

    @Override
    void close();
}
