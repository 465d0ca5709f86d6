package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Training some rows of the word embedding is training all of it. */
class WordRowsTest {

    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9, 0.999, 1e-8, 0.1, 1);
    private static final double LEARNING_RATE = 1e-3;

    /** More than a row may owe, so that rows are settled on the way. */
    private static final int STEPS = 40;

    /** Differences of the norm's last bits, after {@link #STEPS} steps. */
    private static final float SAME = 1e-5f;

    @TempDir
    private Path directory;

    @Test
    void shouldGiveTheWeightsAndMomentsThatAdamWOnTheWholeEmbeddingGives() {
        try (Training dense = new Training(Goldens.directory("bert"), false);
                Training sparse = new Training(Goldens.directory("bert"), true)) {
            // When
            dense.train(1, STEPS);
            sparse.train(1, STEPS);

            // Then
            float[] unread = sparse.neverRead();
            assertThat(unread).as("rows that no text reads").hasSizeGreaterThan(1000);
            assertThat(unread).as("whose bytes").containsExactly(dense.neverRead());
            dense.model.weights().byName().keySet().forEach(name -> assertThat(sparse.model.weight(name))
                    .as(name)
                    .containsExactly(dense.model.weight(name), within(SAME)));
            try (NDManager scope = dense.model.encoder().manager().newSubManager()) {
                var expected = dense.optimizer.moments(scope);
                var got = sparse.optimizer.moments(scope);
                assertThat(got.keySet()).containsExactlyElementsOf(expected.keySet());
                expected.forEach((name, moment) -> assertThat(got.get(name).toFloatArray())
                        .as(name)
                        .containsExactly(moment.toFloatArray(), within(SAME)));
            }
        }
    }

    @Test
    void shouldGiveTheSameBytesWhenResumedAndWheneverItIsSettled() throws IOException {
        Path half = Files.createDirectory(directory.resolve("half"));
        try (Training whole = new Training(Goldens.directory("bert"), true);
                Training interrupted = new Training(Goldens.directory("bert"), true)) {
            // Given
            whole.train(1, STEPS);
            interrupted.train(1, 3);
            interrupted.save(half);

            // When
            try (Training resumed = new Training(half, true)) {
                resumed.optimizer.resume(half.resolve("moments"));
                resumed.train(4, STEPS);

                // Then
                whole.model.weights().byName().keySet().forEach(name -> assertThat(resumed.model.weight(name))
                        .as(name)
                        .containsExactly(whole.model.weight(name)));
            }
        }
    }

    @Test
    void shouldBringTheRowsOfATextUpToDateBeforeItIsTrained() {
        try (Training training = new Training(Goldens.directory("bert"), true);
                NDManager scope = training.model.encoder().manager().newSubManager()) {
            // Given texts of whose tokens most have never occurred
            training.step(1, Goldens.TEXTS.get(1));
            TextBatch next = training.model
                    .encoder()
                    .pack(scope, training.model.tokens(List.of(Goldens.TEXTS.get(0), Goldens.TEXTS.get(1))));

            // When
            float[] stale = training.words(next);
            training.rows.orElseThrow().publish(next.texts());
            float[] published = training.words(next);
            training.rows.orElseThrow().settle();

            // Then
            assertThat(published).isNotEqualTo(stale).containsExactly(training.words(next));
        }
    }

    @Test
    void shouldRefusePredictionOfTokensAndTokensThatTheStepDidNotName() {
        try (Training training = new Training(Goldens.directory("bert"), true);
                NDManager scope = training.model.encoder().manager().newSubManager()) {
            // Given
            TextEncoder encoder = training.model.encoder();
            TextBatch named = encoder.pack(scope, training.model.tokens(List.of(Goldens.TEXTS.get(1))));
            TextBatch other = encoder.pack(scope, training.model.tokens(List.of(Goldens.TEXTS.get(0))));
            ForwardPass pass = training.pass(scope, training.prepare(scope, Goldens.TEXTS.get(1)));

            // When / Then
            assertThatThrownBy(() -> pass.tokenLogits(pass.wordEmbeddings(named)))
                    .hasMessageContaining("masked-token prediction reads the whole word embedding");
            assertThatThrownBy(() -> pass.wordEmbeddings(other))
                    .hasMessageContaining("in none of the texts that its step began with");
        }
    }

    /** A model and its optimizer, dropout off. */
    private static final class Training implements AutoCloseable {

        private final OpenModel model;
        private final Optional<WordRows> rows;
        private final AdamW optimizer;

        Training(Path directory, boolean sparse) {
            model = new OpenModel(directory);
            NDManager manager = model.encoder().manager();
            rows = sparse ? Optional.of(new WordRows(manager, model.weights())) : Optional.empty();
            optimizer = new AdamW(manager, model.weights().trainable(false), SETTINGS, rows);
        }

        /** Steps on one text each: rows come, stay away and come back, and some come late. */
        void train(int first, int last) {
            for (int step = first; step <= last; step++) {
                step(step, Goldens.TEXTS.get(step < STEPS - 2 ? step % 3 : 3));
            }
            rows.ifPresent(WordRows::settle);
        }

        void step(int step, String text) {
            try (GradMode on = GradMode.on();
                    NDManager scope = model.encoder().manager().newSubManager()) {
                TextBatch batch = model.encoder().pack(scope, model.tokens(List.of(text)));
                StepWeights prepared = prepare(scope, text);
                ForwardPass pass = pass(scope, prepared);
                NDArray logits = pass.classLogits(batch);
                NDArray loss = logits.square().sum().add(logits.sum());
                NDList gradients = prepared.gradients(
                        model.weights().trainable(false).keySet(), List.of(pass.gradients(loss)), Workers.CALLER);
                optimizer.step(
                        scope,
                        gradients,
                        optimizer.check(scope, gradients, List.of(loss), Workers.CALLER),
                        step,
                        LEARNING_RATE,
                        Workers.CALLER);
                optimizer.stepped(LEARNING_RATE);
            }
        }

        StepWeights prepare(NDManager scope, String text) {
            rows.ifPresent(some -> some.begin(model.tokens(List.of(text))));
            return model.encoder().prepare(scope, new StepWeights.Trained(model.weights(), rows, Optional.empty()));
        }

        ForwardPass pass(NDManager scope, StepWeights prepared) {
            return model.encoder().withoutDropout(model.encoder().trainingPass(scope, prepared, new Random(1)));
        }

        void save(Path target) throws IOException {
            try (NDManager scope = model.encoder().manager().newSubManager()) {
                rows.orElseThrow().settle();
                model.checkpoint()
                        .write(target, model.weights(), OutputHead.classes(Goldens.LABELS), OpenModel.MAX_TOKENS);
                SafetensorsWriter.write(target.resolve("moments"), optimizer.moments(scope));
            }
        }

        /** The embeddings of a batch as anybody else sees them. */
        float[] words(TextBatch batch) {
            try (GradMode off = GradMode.off();
                    NDManager scope = model.encoder().manager().newSubManager()) {
                return model.encoder()
                        .inferencePass(scope, model.weights())
                        .wordEmbeddings(batch)
                        .toFloatArray();
            }
        }

        /** The rows of the embedding that no text reads. */
        float[] neverRead() {
            boolean[] read = new boolean[model.weights().vocabulary()];
            model.tokens(Goldens.TEXTS)
                    .forEach(text -> Arrays.stream(text.ids()).forEach(id -> read[id] = true));
            float[] all = model.weights().byName().values().iterator().next().toFloatArray();
            int width = all.length / read.length;
            float[] never = new float[all.length];
            int size = 0;
            for (int id = 0; id < read.length; id++) {
                if (!read[id]) {
                    System.arraycopy(all, id * width, never, size, width);
                    size += width;
                }
            }
            return Arrays.copyOf(never, size);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
