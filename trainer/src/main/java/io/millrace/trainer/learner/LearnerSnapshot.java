package io.millrace.trainer.learner;

import io.millrace.schemas.FreshExample;
import io.millrace.schemas.store.FreshExamples;
import io.millrace.trainer.drift.DriftFile;
import io.millrace.trainer.replay.ReplayBuffer;
import io.millrace.trainer.replay.ReplayFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A learner as it was between two steps. It shares no memory with the learner, so it can be written on another thread while the learner
 * trains on. Close it before the learner.
 */
public final class LearnerSnapshot implements AutoCloseable {

    private final StateSnapshot state;
    private final Optional<ReplayBuffer> replay;
    private final List<FreshExample> fresh;
    private final Optional<String> drift;

    /**
     * A snapshot of these parts.
     *
     * @param replay a copy of the buffer; empty if the task replays nothing
     * @param fresh the newest examples since the last checkpoint
     * @param drift the content of {@link DriftFile}; empty if nothing was watched
     */
    LearnerSnapshot(
            StateSnapshot state, Optional<ReplayBuffer> replay, List<FreshExample> fresh, Optional<String> drift) {
        this.state = state;
        this.replay = replay;
        this.fresh = fresh;
        this.drift = drift;
    }

    /** Writes everything that {@link Learner#resume} needs into an existing directory; the weights as a Hugging Face checkpoint. */
    public void writeInto(Path directory) throws IOException {
        state.writeInto(directory);
        if (replay.isPresent()) {
            ReplayFile.write(directory, replay.get());
        }
        FreshExamples.write(directory, fresh);
        if (drift.isPresent()) {
            DriftFile.write(directory, drift.get());
        }
    }

    @Override
    public void close() {
        state.close();
    }
}
