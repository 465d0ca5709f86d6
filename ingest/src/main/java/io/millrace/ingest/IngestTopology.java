package io.millrace.ingest;

import io.millrace.ingest.SourceTopology.Sources;
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
import java.util.Optional;

/** The path of a record through ingest. */
final class IngestTopology {

    /** Keys and values are read as bytes, because rejected records are passed on unchanged. */
    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private IngestTopology() {}

    static Topology build(
            KafkaConnection kafka,
            IngestConfig config,
            TaskRegistry tasks,
            TopicPreparation topics,
            Sources ofOthers,
            IngestMetrics metrics) {
        ExampleValidator validator = new ExampleValidator(tasks, config.maxRecordBytes());
        Duration window = config.deduplicationWindow();
        int rejectedBytes = topics.limits().rejectedBytes();
        String rejected = kafka.named(Topics.REJECTED_EXAMPLES.name());
        StreamsBuilder builder = new StreamsBuilder();

        builder.addGlobalStore(
                ProbeIndex.store(),
                kafka.named(Topics.PROBES.name()),
                Consumed.with(BYTES, BYTES).withName("probes"),
                () -> new ProbeIndexer(metrics));
        builder.addStateStore(SeenExamples.store(window));

        KStream<byte[], Candidate> examples = builder.stream(
                        kafka.named(Topics.EXAMPLES.name()),
                        // Kafka Streams would stop at a record without a timestamp.
                        Consumed.with(BYTES, BYTES)
                                .withName("examples")
                                .withTimestampExtractor((record, partitionTime) -> Math.max(0, record.timestamp())))
                .processValues(() -> new ExampleReader(validator, metrics), Named.as("validate"));

        SourceTopology sources = new SourceTopology(builder, ofOthers, validator, metrics);
        Optional<KStream<byte[], SourceRecord>> mapped = sources.read();
        KStream<byte[], Candidate> read = mapped.map(SourceTopology::whole)
                .map(whole -> examples.merge(whole, Named.as("with-sources")))
                .orElse(examples);
        Optional<KStream<byte[], Candidate>> joined = topics.forLabels()
                .map(forLabels -> sources.join(mapped.orElseThrow(), forLabels.byId(), config.maxRecordBytes()));

        KStream<byte[], ExampleRecord> ofTask =
                toTask(read, "send-to-task", InternalTopic.EXAMPLES_BY_TASK, topics.byTask());
        KStream<byte[], ExampleRecord> labelledOfTask = joined.map(labelled ->
                        toTask(labelled, "send-labelled-to-task", InternalTopic.LABELLED_BY_TASK, topics.byTask()))
                .map(labelled -> ofTask.merge(labelled, Named.as("with-labelled")))
                .orElse(ofTask);
        KStream<byte[], Candidate> judged = labelledOfTask
                .processValues(() -> new TaskReader(validator), Named.as("read-of-task"))
                .processValues(ProbeGuard::new, Named.as("guard-probes"))
                .processValues(() -> new Deduplicator(window, metrics), Named.as("deduplicate"), SeenExamples.STORE);

        judged.process(() -> new AcceptedRoute(metrics), Named.as("accept"))
                .to(
                        kafka.named(Topics.ACCEPTED_EXAMPLES.name()),
                        Produced.with(Topics.ACCEPTED_EXAMPLES.keySerde(), Topics.ACCEPTED_EXAMPLES.valueSerde())
                                .withName("accepted-examples"));
        read.process(() -> new RejectedRoute(rejectedBytes, metrics), Named.as("reject-invalid"))
                .to(rejected, Produced.with(BYTES, BYTES).withName("rejected-invalid"));
        judged.process(() -> new RejectedRoute(rejectedBytes, metrics), Named.as("reject"))
                .to(rejected, Produced.with(BYTES, BYTES).withName("rejected-examples"));
        joined.ifPresent(labelled -> labelled.process(
                        () -> new RejectedRoute(rejectedBytes, metrics), Named.as("reject-unjoined"))
                .to(rejected, Produced.with(BYTES, BYTES).withName("rejected-unjoined")));
        return builder.build();
    }

    private static KStream<byte[], ExampleRecord> toTask(
            KStream<byte[], Candidate> valid, String step, String topic, InternalTopic byTask) {
        return valid.process(TaskRoute::new, Named.as(step))
                .repartition(Repartitioned.with(BYTES, ExampleRecord.SERDE)
                        .withName(topic)
                        .withNumberOfPartitions(byTask.partitions()));
    }
}
