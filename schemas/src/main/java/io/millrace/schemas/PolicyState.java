package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

/**
 * The state of a task's policy after a checkpoint: what the training that continues from it is under.
 *
 * @param afterRejections adjustments that verdicts have brought
 * @param afterDrift adjustments that drift has brought
 * @param checkpoints how many of the newest checkpoints of the line were trained since the newest change: only their verdicts count
 * @param driftCheckpoints for how many checkpoints {@code afterDrift} has lasted
 * @param verdicts where reading {@code model-updates} resumes: the first record that the next reaction may depend on
 */
public record PolicyState(
        Adjustments afterRejections,
        Adjustments afterDrift,
        int checkpoints,
        int driftCheckpoints,
        @Nullable VerdictPosition verdicts) {

    /** The state before any verdict or drift. */
    public static final PolicyState START = new PolicyState(Adjustments.NONE, Adjustments.NONE, 0, 0, null);

    public PolicyState {
        Required.field("PolicyState.afterRejections", afterRejections);
        Required.field("PolicyState.afterDrift", afterDrift);
    }

    /**
     * A position in {@code model-updates}.
     *
     * @param partition the partition
     * @param offset the next offset to read there
     */
    public record VerdictPosition(int partition, long offset) {}

    /** What training that continues from here is under. */
    public Adjustments next() {
        return afterRejections.and(afterDrift);
    }

    /** After one more checkpoint under the same adjustments. */
    public PolicyState afterCheckpoint() {
        return new PolicyState(
                afterRejections,
                afterDrift,
                checkpoints + 1,
                afterDrift.changesNothing() ? 0 : driftCheckpoints + 1,
                verdicts);
    }

    /** With other adjustments because of verdicts: no checkpoint is trained under them yet. */
    public PolicyState withAfterRejections(Adjustments adjustments) {
        return new PolicyState(adjustments, afterDrift, 0, driftCheckpoints, verdicts);
    }

    /** With other adjustments because of drift: no checkpoint is trained under them yet. */
    public PolicyState withAfterDrift(Adjustments adjustments) {
        return new PolicyState(afterRejections, adjustments, 0, 0, verdicts);
    }

    /** After training went back to an earlier checkpoint: nothing is trained since. */
    public PolicyState rolledBack() {
        return new PolicyState(afterRejections, afterDrift, 0, driftCheckpoints, verdicts);
    }

    /** With another position. */
    public PolicyState readingFrom(@Nullable VerdictPosition position) {
        return new PolicyState(afterRejections, afterDrift, checkpoints, driftCheckpoints, position);
    }
}
