package io.millrace.app.bench;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.bench.StreamFigures.LoopStep;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.DirectoryTree;
import io.millrace.trainer.TrainerListener;
import io.millrace.trainer.TrainerService;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.Learner;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A run of the trainer service on an embedded broker, beside bare updates of the same mini-batches, in a process of its own. Prints {@link
 * StreamFigures} as one line of JSON.
 */
public final class LoopRun {

    private final StreamRun run;
    private final List<LabelledExample> stream;
    private final TrainedTask task;

    private LoopRun(StreamRun run) throws Exception {
        this.run = run;
        stream = StreamStart.read(run.bare().stream(), run.bare().size().examples());
        task = BenchTask.of(run.bare(), stream, run.checkpointEvery());
    }

    /**
     * Runs once.
     *
     * @param arguments a {@link StreamRun} as JSON
     */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        try {
            out.println(Json.write(new LoopRun(Json.mapper().readValue(arguments[0], StreamRun.class)).figures()));
        } catch (Exception e) {
            err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            System.exit(1);
        }
    }

    private StreamFigures figures() throws Exception {
        Path scratch = Files.createTempDirectory("millrace-bench");
        List<Double> updates = new ArrayList<>();
        List<Double> tested = new ArrayList<>();
        int half = run.bare().size().steps() / 2;
        // It runs beside the bare updates too: what it does when idle must not count as the loop's. Half of them come
        // before the loop and
        // half after it: a machine that becomes faster or slower, and code that is still compiled, must not count as
        // the loop's either.
        try (EmbeddedBroker broker = EmbeddedBroker.start(scratch.resolve("broker"), 0)) {
            produce(broker.connection());
            trainBare(0, half, updates, tested);
            List<LoopStep> steps = trainInLoop(broker.connection(), scratch.resolve("store"));
            trainBare(half, run.bare().size().steps(), updates, tested);
            return StreamFigures.of(updates, tested, steps, run);
        } finally {
            DirectoryTree.delete(scratch);
        }
    }

    private void produce(KafkaConnection kafka) throws Exception {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(kafka, admin);
        }
        Topic<AcceptedExample> topic = kafka.topic(Topics.ACCEPTED_EXAMPLES);
        try (KafkaProducer<String, AcceptedExample> producer = new KafkaProducer<>(
                kafka.clientProperties(),
                topic.keySerde().serializer(),
                topic.valueSerde().serializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < stream.size(); i++) {
                Origin origin = new Origin(Topics.EXAMPLES.name(), 0, i, 0);
                AcceptedExample accepted = new AcceptedExample(stream.get(i), origin);
                sent.add(producer.send(
                        new ProducerRecord<>(topic.name(), task.task().name(), accepted)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    /** Two learners take turns, so that both meet the same machine: one predicts first, the other does not. */
    private void trainBare(int from, int to, List<Double> updates, List<Double> tested) {
        int warmUp = Math.min(run.bare().warmUp(), (to - from) / 4);
        try (Learner updating = Learner.start(task);
                Learner testing = Learner.start(task)) {
            for (int step = from; step < to; step++) {
                int batch = run.bare().size().batch();
                List<LabelledExample> examples = stream.subList(step * batch, (step + 1) * batch);
                double start = now();
                updating.train(examples, List.of());
                double between = now();
                testing.learn(examples, List.of());
                if (step >= from + warmUp) {
                    updates.add(between - start);
                    tested.add(now() - between);
                }
            }
        }
    }

    private List<LoopStep> trainInLoop(KafkaConnection kafka, Path store) {
        List<LoopStep> steps = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> done = new CompletableFuture<>();
        MeterRegistry meters = new SimpleMeterRegistry();
        TrainerListener listener = new TrainerListener() {
            private double learner;

            @Override
            public void step(String name, long step, Map<String, Double> figures) {
                double before = learner;
                learner = meters.get("millrace.trainer.step").timer().totalTime(TimeUnit.MILLISECONDS);
                steps.add(new LoopStep(now(), learner - before));
                if (step == run.bare().size().steps()) {
                    done.complete(null);
                }
            }
        };
        try (TrainerService service = new TrainerService(kafka, store, List.of(task), meters, listener)) {
            service.start();
            CompletableFuture.anyOf(done, service.terminated()).join();
        }
        return List.copyOf(steps);
    }

    private static double now() {
        return System.nanoTime() / 1e6;
    }
}
