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
import java.util.List;

/** Sends the stream of the demo over and over. Every example has an id of its own, so none is a duplicate. */
final class EndlessStream implements AutoCloseable {

    private final List<LabelledExample> examples = new ArrayList<>();
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
            LabelledExample next = examples.get((int) (sent % examples.size()));
            LabelledExample own =
                    new LabelledExample("bench-" + sent, next.text(), next.textPair(), next.label(), null, null, null);
            producer.send(Json.mapper().writeValueAsBytes(own), List.of(), "example " + sent);
            sent++;
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
