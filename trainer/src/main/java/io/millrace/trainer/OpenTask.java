package io.millrace.trainer;

import io.millrace.trainer.checkpoint.CheckpointAnnouncer;
import io.millrace.trainer.checkpoint.CoveredOffset;
import io.millrace.trainer.config.TrainedTask;
import org.apache.kafka.common.TopicPartition;

import java.nio.file.Path;
import java.util.Optional;

/** A task while its partition is here, with the clients that are its own. */
final class OpenTask implements AutoCloseable {

    private final TrainedTask trained;
    private final TopicPartition partition;
    private final TaskTrainer run;
    private final CheckpointAnnouncer announcer;
    private final Optional<TextSource> texts;
    private CoveredOffset noted;

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

    /** Notes in the store how far the task is done, if that has changed. */
    void noteCovered(Path store) {
        CoveredOffset covered = run.covered();
        if (!covered.equals(noted) && covered.write(store, trained.task().name())) {
            noted = covered;
        }
    }

    /** Its announcer goes too: a producer can take a task over only once. */
    @Override
    public void close() {
        try (run;
                announcer) {
            texts.ifPresent(TextSource::close);
        }
    }
}
