package io.millrace.app.bench.ingest;

import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.KafkaConnection;

import java.nio.file.Path;
import java.util.List;

/**
 * What a process of its own runs.
 *
 * @param side which of the two applications
 * @param kafka the broker, with the prefix of this run's topics
 * @param stateDir directory of its state, new
 * @param tasks the tasks of the records
 */
record StreamsRun(Side side, KafkaConnection kafka, Path stateDir, List<Task> tasks) {

    /** The two applications that are measured. */
    enum Side {
        INGEST("ingest"),
        PASS_THROUGH("pass-through");

        private final String words;

        Side(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }
}
