package io.millrace.trainer.policy;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.PolicyState;
import io.millrace.schemas.Reaction;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * Where a task's policy resumes.
 *
 * @param state the state after the newest checkpoint; empty if its manifest has none
 * @param sinceChange ids of the checkpoints trained since the newest change
 * @param reactions all reactions that were announced, abandoned branches included
 */
public record PolicyHistory(Optional<PolicyState> state, List<String> sinceChange, List<Reaction> reactions) {

    public PolicyHistory {
        sinceChange = List.copyOf(sinceChange);
        reactions = List.copyOf(reactions);
    }

    /** At the start of a stream. */
    public static PolicyHistory start() {
        return new PolicyHistory(Optional.empty(), List.of(), List.of());
    }

    /**
     * After a checkpoint.
     *
     * @param state what its manifest says
     * @param chain the checkpoint and its ancestors, newest first
     * @param history all announcements of the task
     */
    public static PolicyHistory after(
            @Nullable PolicyState state, List<CheckpointAnnouncement> chain, List<CheckpointAnnouncement> history) {
        return new PolicyHistory(
                Optional.ofNullable(state),
                chain.stream()
                        .limit(state == null ? 0 : state.checkpoints())
                        .map(link -> link.checkpoint().id())
                        .toList(),
                history.stream()
                        .flatMap(one ->
                                one.reactions() == null ? List.<Reaction>of().stream() : one.reactions().stream())
                        .toList());
    }
}
