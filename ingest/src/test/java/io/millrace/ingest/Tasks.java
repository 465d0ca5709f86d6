package io.millrace.ingest;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.kafka.KafkaConnection;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The tasks that the tests of ingest use, and examples of them. */
final class Tasks {

    static final KafkaConnection KAFKA = new KafkaConnection("localhost:1", Map.of());

    static final int MAX_TEXT_CHARS = 100;

    static final Task INTENT =
            new Task("intent", TaskKind.SINGLE, List.of("book_flight", "cancel_flight", "translate"), MAX_TEXT_CHARS);

    static final Task NLI = new Task("nli", TaskKind.PAIR, List.of("entailment", "contradiction"), MAX_TEXT_CHARS);

    static final Task STARS = new Task("stars", TaskKind.REGRESSION, List.of(), MAX_TEXT_CHARS);

    static final Task SIMILARITY = new Task("similarity", TaskKind.PAIR_REGRESSION, List.of(), MAX_TEXT_CHARS);

    static final Task TOPICS =
            new Task("topics", TaskKind.SINGLE, List.of("sport"), NewLabels.GROW, 10, 0.5, MAX_TEXT_CHARS);

    private Tasks() {}

    static TaskRegistry registry() {
        return new TaskRegistry(List.of(INTENT, NLI, STARS, SIMILARITY, TOPICS));
    }

    /** A single text with a label, and nothing else. */
    static LabelledExample example(String id, String text, String label) {
        return new LabelledExample(id, text, null, label, null, null, null);
    }

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
