package io.millrace.app.benchmark;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.Learner;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes what trainers and evaluators of many tasks would have left on the topics in years. */
final class LongHistory implements AutoCloseable {

    private static final List<String> PROBE_SETS = List.of("known", "new");
    private static final int PROBES_PER_SET = 50;
    private static final String SHA256 = "0".repeat(64);

    private final KafkaProducer<String, byte[]> producer;

    LongHistory(KafkaConnection kafka) {
        producer = new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new ByteArraySerializer());
    }

    /** A task's probe sets. */
    void probes(String task) {
        for (String probeSet : PROBE_SETS) {
            for (int i = 0; i < PROBES_PER_SET; i++) {
                LabelledExample example = new LabelledExample(
                        Integer.toString(i), probeSet + " probe number " + i, null, "positive", null, null, null);
                ProbeExample probe = new ProbeExample(task, probeSet, Distribution.IN_DISTRIBUTION, example);
                send(Topics.PROBES, probe.key(), probe);
            }
        }
    }

    /** A chain of announcements of a task, each judged; the newest has its files in the store if a learner is given. */
    void checkpoints(TrainedTask task, int partition, int count, Path store, Learner newest) {
        String name = task.task().name();
        String parent = null;
        for (int step = 1; step <= count; step++) {
            CheckpointReference reference = step == count && newest != null
                    ? stored(task, partition, step, parent, store, newest)
                    : reference(name, step);
            announce(reference, partition, parent);
            judge(reference, parent, partition);
            parent = reference.id();
        }
        producer.flush();
    }

    /** One more checkpoint, of which there are no files: it is judged at once. */
    void announceWithoutFiles(String task, int partition, int step, String parent) {
        announce(reference(task, step), partition, parent);
        producer.flush();
    }

    private void announce(CheckpointReference reference, int partition, String parent) {
        send(
                Topics.CHECKPOINTS,
                reference.task(),
                new CheckpointAnnouncement(
                        reference, parent, nothing(partition), 0, Map.of("taskLoss", 0.5, "gradNorm", 1.25)));
    }

    private void judge(CheckpointReference reference, String parent, int partition) {
        List<ProbeScore> scores = PROBE_SETS.stream()
                .map(set -> new ProbeScore(
                        new ProbeSetReference(set, SHA256, Distribution.IN_DISTRIBUTION, PROBES_PER_SET),
                        0.8,
                        0.8,
                        0.4,
                        0.1))
                .toList();
        send(Topics.EVALUATIONS, reference.task(), new CheckpointEvaluation(reference, scores));
        ModelUpdate.PublishedModel model =
                new ModelUpdate.PublishedModel(reference, reference.task() + "/models/" + reference.id(), SHA256);
        send(
                Topics.MODEL_UPDATES,
                reference.task(),
                new ModelUpdate(
                        Verdict.PROMOTED,
                        List.of("accuracy fell on no probe set"),
                        model,
                        scores,
                        null,
                        new ModelUpdate.Lineage(parent, nothing(partition))));
    }

    private static CheckpointReference reference(String task, int step) {
        String id = String.format(Locale.ROOT, "checkpoint-%06d", step);
        return new CheckpointReference(task, id, step, task + "/" + id, SHA256);
    }

    private static CheckpointReference stored(
            TrainedTask task, int partition, int step, String parent, Path store, Learner learner) {
        CheckpointManifest.Lineage lineage = new CheckpointManifest.Lineage(
                parent, task.training().sha256(task.task()), nothing(partition), List.of());
        return new CheckpointStore(store, task.task().name()).write(step, lineage, Set.of(), learner::save);
    }

    private static OffsetRange nothing(int partition) {
        return new OffsetRange(partition, 0, 0);
    }

    /** Where Kafka's default partitioner puts a task. */
    static int partitionOf(String task) {
        return Utils.toPositive(Utils.murmur2(task.getBytes(StandardCharsets.UTF_8))) % Topics.CHECKPOINTS.partitions();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // flush waits for all of them
    private <V> void send(Topic<V> topic, String key, V value) {
        producer.send(new ProducerRecord<>(
                topic.name(), key, topic.valueSerde().serializer().serialize(topic.name(), value)));
    }

    @Override
    public void close() {
        producer.close();
    }
}
