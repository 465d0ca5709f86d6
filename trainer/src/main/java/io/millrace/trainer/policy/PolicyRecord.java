package io.millrace.trainer.policy;

import io.millrace.schemas.Adjustments;
import io.millrace.schemas.PolicyState;
import io.millrace.schemas.Reaction;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a checkpoint records of its task's policy: the first two in its manifest, the last in its announcement.
 *
 * @param adjustments what its mini-batches were trained under; null if as configured
 * @param state from which training continues; null without a policy
 * @param reactions changes from this checkpoint on; null if none
 */
public record PolicyRecord(
        @Nullable Adjustments adjustments, @Nullable PolicyState state, @Nullable List<Reaction> reactions) {

    /** Of a task without a policy. */
    public static final PolicyRecord NONE = new PolicyRecord(null, null, null);

    /** A record; adjustments that change nothing and an empty list of reactions are left out. */
    static PolicyRecord of(Adjustments adjustments, PolicyState state, List<Reaction> reactions) {
        return new PolicyRecord(
                adjustments.changesNothing() ? null : adjustments, state, reactions.isEmpty() ? null : reactions);
    }
}
