package io.millrace.trainer;

import io.millrace.trainer.checkpoint.CheckpointAnnouncer;
import io.millrace.trainer.checkpoint.CoveredOffset;
import io.millrace.trainer.config.TrainedTask;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Optional;

/** A task whose partition this process holds, with the task's own clients. */
final class OpenTask implements AutoCloseable {

    private final TrainedTask trained;
    private final TopicPartition partition;
    private final TaskTrainer run;
    private final CheckpointAnnouncer announcer;
    private final Optional<TextSource> texts;
    private @Nullable CoveredOffset noted;

    OpenTask(
            TrainedTask trained,
            TopicPartition partition,
            TaskTrainer run,
            CheckpointAnnouncer announcer,
            Optional<TextSource> texts) {
        this.trained = trained;
        this.partition = partition;
        this.run = run;
        this.announcer = announcer;
        this.texts = texts;
    }

    TrainedTask trained() {
        return trained;
    }

    TopicPartition partition() {
        return partition;
    }

    TaskTrainer run() {
        return run;
    }

    Optional<TextSource> texts() {
        return texts;
    }

    /** Writes to the store how far the task is covered, if that has changed. */
    void noteCovered(Path store) {
        CoveredOffset covered = run.covered();
        if (!covered.equals(noted) && covered.write(store, trained.task().name())) {
            noted = covered;
        }
    }

    /** Closes its announcer too: a producer can take over a task only once. */
    @Override
    public void close() {
        try (run;
                announcer) {
            texts.ifPresent(TextSource::close);
        }
    }
}
