package io.millrace.ingest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

import java.util.List;

/**
 * Ingest as it was when the partition that a client chose was that of the task: without the internal topic by task, and with two
 * entries of the store per example.
 */
public final class FormerIngest {

    private static final int MAX_BYTES = 1 << 20;

    private FormerIngest() {}

    /** The streams of such an installation, not started yet. */
    public static KafkaStreams streams(KafkaConnection kafka, IngestConfig config, Task task) {
        TaskRegistry tasks = new TaskRegistry(List.of(task));
        IngestMetrics unused = new IngestMetrics(new SimpleMeterRegistry(), tasks);
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(FormerMemory.store(config.deduplicationWindow()));
        builder.stream(Topics.EXAMPLES.name(), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .processValues(
                        () -> new ExampleReader(new ExampleValidator(tasks, MAX_BYTES), unused), Named.as("read"))
                .processValues(FormerMemory::new, Named.as("remember"), FormerMemory.STORE)
                .process(() -> new AcceptedRoute(unused), Named.as("accept"))
                .to(
                        Topics.ACCEPTED_EXAMPLES.name(),
                        Produced.with(Topics.ACCEPTED_EXAMPLES.keySerde(), Topics.ACCEPTED_EXAMPLES.valueSerde()));
        return new KafkaStreams(
                builder.build(), StreamsSettings.of(kafka, config, new OutputLimits(MAX_BYTES, MAX_BYTES)));
    }
}
