package io.millrace.ingest;

import io.millrace.ingest.SourceTopology.Sources;
import io.millrace.ingest.seen.SeenExamples;
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

        TaskHome home = new TaskHome(
                kafka.named(Topics.EXAMPLES.name()), topics.byTask().partitions());
        KStream<byte[], Candidate> atHome = examples.filter(
                (task, candidate) -> candidate.validation().accepted().isPresent() && home.holds(task, candidate),
                Named.as("in-partition-of-task"));

        SourceTopology sources = new SourceTopology(builder, ofOthers, validator, metrics);
        Optional<KStream<byte[], SourceRecord>> mapped = sources.read();
        Optional<KStream<byte[], Candidate>> whole = mapped.map(SourceTopology::whole);
        Optional<KStream<byte[], Candidate>> joined = topics.forLabels()
                .map(forLabels -> sources.join(mapped.orElseThrow(), forLabels.byId(), config.maxRecordBytes()));

        KStream<byte[], ExampleRecord> ofTask = toTask(
                examples.process(() -> new TaskRoute(home), Named.as("send-to-task")),
                InternalTopic.EXAMPLES_BY_TASK,
                topics.byTask());
        // By its whole name, so that the topics of sources are apart: they need no store.
        whole.ifPresent(valid -> valid.process(() -> new TaskRoute(home), Named.as("send-mapped-to-task"))
                .to(
                        kafka.named(InternalTopic.topic(InternalTopic.EXAMPLES_BY_TASK)),
                        Produced.with(BYTES, ExampleRecord.SERDE).withName("mapped-by-task")));
        KStream<byte[], ExampleRecord> onTheirWay = joined.map(labelled -> toTask(
                        labelled.process(() -> new TaskRoute(home), Named.as("send-labelled-to-task")),
                        InternalTopic.LABELLED_BY_TASK,
                        topics.byTask()))
                .map(labelled -> ofTask.merge(labelled, Named.as("with-labelled")))
                .orElse(ofTask);
        KStream<byte[], Candidate> judged = atHome.merge(
                        onTheirWay.processValues(() -> new TaskReader(validator), Named.as("read-of-task")),
                        Named.as("of-task"))
                .processValues(ProbeGuard::new, Named.as("guard-probes"))
                .processValues(() -> new Deduplicator(window, metrics), Named.as("deduplicate"), SeenExamples.STORE);

        judged.process(() -> new AcceptedRoute(metrics), Named.as("accept"))
                .to(
                        kafka.named(Topics.ACCEPTED_EXAMPLES.name()),
                        Produced.with(Topics.ACCEPTED_EXAMPLES.keySerde(), AcceptedJson.serde())
                                .withName("accepted-examples"));
        examples.process(() -> new RejectedRoute(rejectedBytes, metrics), Named.as("reject-invalid"))
                .to(rejected, Produced.with(BYTES, BYTES).withName("rejected-invalid"));
        whole.ifPresent(
                read -> read.process(() -> new RejectedRoute(rejectedBytes, metrics), Named.as("reject-unmapped"))
                        .to(rejected, Produced.with(BYTES, BYTES).withName("rejected-unmapped")));
        judged.process(() -> new RejectedRoute(rejectedBytes, metrics), Named.as("reject"))
                .to(rejected, Produced.with(BYTES, BYTES).withName("rejected-examples"));
        joined.ifPresent(labelled -> labelled.process(
                        () -> new RejectedRoute(rejectedBytes, metrics), Named.as("reject-unjoined"))
                .to(rejected, Produced.with(BYTES, BYTES).withName("rejected-unjoined")));
        return builder.build();
    }

    private static KStream<byte[], ExampleRecord> toTask(
            KStream<byte[], ExampleRecord> strays, String topic, InternalTopic byTask) {
        return strays.repartition(Repartitioned.with(BYTES, ExampleRecord.SERDE)
                .withName(topic)
                .withNumberOfPartitions(byTask.partitions()));
    }
}
