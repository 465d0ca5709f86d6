package io.millrace.ingest;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;

import java.time.Duration;

/** The path of a record through ingest. */
final class IngestTopology {

    /** Keys and values are read as bytes, because rejected records are passed on unchanged. */
    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private IngestTopology() {}

    static Topology build(
            KafkaConnection kafka,
            IngestConfig config,
            TaskRegistry tasks,
            OutputLimits limits,
            TaskTopic byTask,
            IngestMetrics metrics) {
        ExampleValidator validator = new ExampleValidator(tasks, config.maxRecordBytes());
        Duration window = config.deduplicationWindow();
        String rejected = kafka.named(Topics.REJECTED_EXAMPLES.name());
        StreamsBuilder builder = new StreamsBuilder();

        builder.addGlobalStore(
                ProbeIndex.store(),
                kafka.named(Topics.PROBES.name()),
                Consumed.with(BYTES, BYTES).withName("probes"),
                () -> new ProbeIndexer(metrics));
        builder.addStateStore(SeenExamples.store(window));

        KStream<byte[], Candidate> read = builder.stream(
                        kafka.named(Topics.EXAMPLES.name()),
                        // Kafka Streams would stop at a record without a timestamp.
                        Consumed.with(BYTES, BYTES)
                                .withName("examples")
                                .withTimestampExtractor((record, partitionTime) -> Math.max(0, record.timestamp())))
                .processValues(() -> new ExampleReader(validator, metrics), Named.as("validate"));

        KStream<byte[], Candidate> judged = read.process(TaskRoute::new, Named.as("send-to-task"))
                .repartition(Repartitioned.with(BYTES, ExampleRecord.SERDE)
                        .withName(TaskTopic.STREAMS_NAME)
                        .withNumberOfPartitions(byTask.partitions()))
                .processValues(() -> new TaskReader(validator), Named.as("read-of-task"))
                .processValues(ProbeGuard::new, Named.as("guard-probes"))
                .processValues(() -> new Deduplicator(window, metrics), Named.as("deduplicate"), SeenExamples.STORE);

        judged.process(() -> new AcceptedRoute(metrics), Named.as("accept"))
                .to(
                        kafka.named(Topics.ACCEPTED_EXAMPLES.name()),
                        Produced.with(Topics.ACCEPTED_EXAMPLES.keySerde(), Topics.ACCEPTED_EXAMPLES.valueSerde())
                                .withName("accepted-examples"));
        read.process(() -> new RejectedRoute(limits.rejectedBytes(), metrics), Named.as("reject-invalid"))
                .to(rejected, Produced.with(BYTES, BYTES).withName("rejected-invalid"));
        judged.process(() -> new RejectedRoute(limits.rejectedBytes(), metrics), Named.as("reject"))
                .to(rejected, Produced.with(BYTES, BYTES).withName("rejected-examples"));
        return builder.build();
    }
}
