package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.AdamW;
import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.OpenedSoFar;
import io.millrace.encoder.Precision;
import io.millrace.encoder.StepWeights;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.TrainedPart;
import io.millrace.encoder.Tuning;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.Workers;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.Sentiments;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.StreamSupport;

/**
 * Reproduces, in 32-bit arithmetic, what PEFT, transformers and PyTorch autograd give in float64 for adapters that PEFT has written: logits, the
 * gradient of every trained weight, and three steps of AdamW.
 */
class AdapterGoldenTest {

    /** Rank 3, alpha 6. */
    private static Tuning tuning(String targets) {
        return new Tuning(Tuning.Mode.LORA, 3, 6.0, 0.0, List.of(targets.split(" ")), null);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, query value attention.output.dense up",
        "distilbert, query k_lin value lin2",
        "modernbert, Wqkv up down",
        "deberta-v2, query value output.dense"
    })
    void shouldTrainAnAdapterAsPeftDoes(String family, String targets) throws IOException {
        Errors errors = new Errors();
        try (OpenAdapter adapter = new OpenAdapter(family, tuning(targets))) {
            errors.array(
                    "merged logits",
                    Errors.nodes(adapter.expected.get("logits")),
                    adapter.merged(),
                    Errors.LOSS_TOLERANCE);
            for (int i = 0; i < 3; i++) {
                adapter.begin();
                NDArray logits = adapter.logits();
                NDArray loss = Divergences.crossEntropy(logits, adapter.labels(), Optional.empty());
                NDList gradients = adapter.gradients(loss);
                if (i == 0) {
                    errors.array("logits", Errors.nodes(adapter.expected.get("logits")), logits, Errors.LOSS_TOLERANCE);
                    errors.gradientNorms(adapter.expected.get("gradNorm"), adapter.norms(gradients));
                    assertThat(adapter.norms(gradients))
                            .hasSameSizeAs(adapter.expected.get("gradNorm").properties());
                }
                AdamW.Checked checked =
                        adapter.optimizer.check(adapter.scope, gradients, List.of(loss), Workers.CALLER);
                errors.loss("loss", adapter.expected.at("/training/losses/" + i), loss.getFloat());
                errors.loss(
                        "gradient norm",
                        adapter.expected.at("/training/gradNorms/" + i),
                        checked.norm().getFloat());
                adapter.optimizer.step(
                        adapter.scope, gradients, checked, i + 1L, adapter.learningRate(), Workers.CALLER);
            }
            adapter.begin();
            errors.array(
                    "logits after three steps",
                    Errors.nodes(adapter.expected.at("/training/logitsAfter")),
                    adapter.logits(),
                    Errors.LOSS_TOLERANCE);
        }
    }

    /** An adapter opened to be trained on. */
    private static final class OpenAdapter implements AutoCloseable {
        private final OpenedSoFar opened = new OpenedSoFar();
        private final GradMode gradMode = GradMode.on();
        private final JsonNode expected;
        private final JsonNode golden;
        private final EncoderCheckpoint checkpoint;
        private final TextTokenizer tokenizer;
        private final TextEncoder encoder;
        private final Weights weights;
        private final AdamW optimizer;
        private final NDManager scope;
        private final OutputHead head;
        private StepWeights prepared;
        private ForwardPass pass;

        OpenAdapter(String family, Tuning tuning) throws IOException {
            Path directory = Sentiments.golden(family)
                    .resolve("../../adapters")
                    .resolve(family)
                    .normalize();
            expected = Json.mapper().readTree(directory.resolve("expected.json").toFile());
            golden = Json.mapper()
                    .readTree(Sentiments.golden(family).resolve("expected.json").toFile());
            checkpoint = EncoderCheckpoint.read(directory);
            head = checkpoint.head().orElseThrow();
            tokenizer =
                    opened.add(checkpoint.openTokenizer(golden.get("maxLength").asInt()));
            encoder = opened.add(TextEncoder.open(checkpoint, new Compute("cpu", Precision.F32), tuning));
            weights = checkpoint.loadWeights(
                    encoder.manager(), head, new TrainedPart(tuning, false, true), new Random(0), new Random(0));
            JsonNode numbers = golden.get("training");
            optimizer = new AdamW(
                    encoder.manager(),
                    weights.trainable(false),
                    new AdamW.Settings(
                            numbers.at("/betas/0").asDouble(),
                            numbers.at("/betas/1").asDouble(),
                            numbers.get("adamEpsilon").asDouble(),
                            numbers.get("weightDecay").asDouble(),
                            numbers.get("gradNormMax").asDouble()));
            scope = encoder.manager().newSubManager();
            begin();
        }

        void begin() {
            prepared = encoder.prepare(scope, new StepWeights.Trained(weights, Optional.empty(), Optional.empty()));
            pass = encoder.withoutDropout(encoder.trainingPass(scope, prepared, new Random(0)));
        }

        double learningRate() {
            return golden.at("/training/learningRate").asDouble();
        }

        NDArray labels() {
            return scope.create(StreamSupport.stream(golden.get("labels").spliterator(), false)
                    .mapToLong(JsonNode::asLong)
                    .toArray());
        }

        private TextBatch batch() {
            List<TextInput> texts = new ArrayList<>();
            golden.get("texts").forEach(text -> texts.add(new TextInput(text.asText(), null)));
            return encoder.pack(scope, tokenizer.tokenize(texts));
        }

        NDArray logits() {
            return pass.classLogits(batch());
        }

        /** The logits of the merged model, as whoever knows nothing of adapters has them. */
        NDArray merged() {
            try (GradMode off = GradMode.off()) {
                TextEncoder plain = opened.add(TextEncoder.open(checkpoint, new Compute("cpu", Precision.F32)));
                Weights whole = checkpoint.loadWeights(plain.manager(), head, new Random(0));
                return plain.inferencePass(scope, whole).classLogits(batch());
            }
        }

        NDList gradients(NDArray loss) {
            return prepared.gradients(weights.trainable(false).keySet(), List.of(pass.gradients(loss)), Workers.CALLER);
        }

        Map<String, Double> norms(NDList gradients) {
            Map<String, Double> norms = new LinkedHashMap<>();
            int i = 0;
            for (String name : weights.trainable(false).keySet()) {
                double sum = 0;
                for (float value : gradients.get(i++).toFloatArray()) {
                    sum += (double) value * value;
                }
                norms.put(name, Math.sqrt(sum));
            }
            return norms;
        }

        @Override
        public void close() {
            gradMode.close();
            opened.close();
        }
    }
}
