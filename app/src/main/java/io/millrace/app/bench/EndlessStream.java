package io.millrace.app.bench;

import io.millrace.app.demo.DemoFiles;
import io.millrace.app.produce.ExampleProducer;
import io.millrace.ingest.file.ByteLines;
import io.millrace.ingest.file.ExampleLine;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Sends the examples of the demo over and over, each time in another order: what a model loses when new domains arrive is not what is timed.
 * Every example has an id of its own and, from the second time on, a number at its end: ingest drops a text that it knows.
 */
final class EndlessStream implements AutoCloseable {

    private static final long SEED = 1;

    private final List<LabelledExample> examples = new ArrayList<>();
    private final Random random = new Random(SEED);
    private final ExampleProducer producer;
    private long sent;

    EndlessStream(KafkaConnection kafka) throws IOException {
        try (ByteLines lines = DemoFiles.stream()) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                examples.add(ExampleLine.parse(line, /* regression */ false, lines.position()));
            }
        }
        producer = new ExampleProducer(kafka, DemoFiles.TASK);
    }

    /** How many examples it has sent. */
    long sent() {
        return sent;
    }

    /** Sends the next examples; they may still be under way on return. */
    void send(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            if (sent % examples.size() == 0) {
                Collections.shuffle(examples, random);
            }
            LabelledExample next = examples.get((int) (sent % examples.size()));
            LabelledExample own = distinct(next, sent, sent / examples.size());
            producer.send(Json.mapper().writeValueAsBytes(own), List.of(), "example " + sent);
            sent++;
        }
    }

    /**
     * An example that ingest does not take for a duplicate.
     *
     * @param number of the example, from 0
     * @param pass how often it was sent before
     */
    static LabelledExample distinct(LabelledExample example, long number, long pass) {
        String text = pass == 0 ? example.text() : example.text() + " " + pass;
        return new LabelledExample("bench-" + number, text, example.textPair(), example.label(), null, null, null);
    }

    @Override
    public void close() {
        producer.close();
    }
}
