package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.Weights;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.trainer.config.MaskedTokensConfig.Corruption;
import io.millrace.trainer.objective.masking.TokenCorruption;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Steps on the golden BERT checkpoint, dropout off, on whatever examples a test wants. */
public final class Terms implements AutoCloseable {

    private final GoldenCheckpoint golden;

    public Terms() throws IOException {
        golden = new GoldenCheckpoint(
                Path.of(System.getProperty("millrace.root", ".."), "encoder/src/test/resources/goldens/bert"),
                GoldenCheckpoint.UNUSED);
    }

    /** The golden examples. */
    public List<TokenizedText> texts() {
        return golden.tokens();
    }

    /** A step on the golden examples. */
    public StepContext step() {
        return step(texts(), Optional.empty());
    }

    /** A step on other examples; their labels alternate. */
    public StepContext step(List<TokenizedText> texts, Optional<Weights> reference) {
        return step(
                texts,
                reference.map(golden::pass),
                OptionalInt.of(golden.at("/maskId").asInt()));
    }

    public StepContext step(List<TokenizedText> texts, Optional<ForwardPass> reference, OptionalInt maskId) {
        return golden.context(reference, new CollatedBatch(Optional.of(examples(texts)), Optional.empty(), maskId), 1);
    }

    /** The step of this number on the golden examples. */
    public StepContext stepOf(long number) {
        return golden.context(
                Optional.empty(),
                new CollatedBatch(
                        Optional.of(examples(texts())),
                        Optional.empty(),
                        OptionalInt.of(golden.at("/maskId").asInt())),
                number);
    }

    /** A step of pre-training: on unlabelled texts alone, if any. */
    public StepContext stepOnTexts(List<TokenizedText> texts) {
        return golden.context(
                Optional.empty(),
                new CollatedBatch(
                        Optional.empty(),
                        texts.isEmpty() ? Optional.empty() : Optional.of(golden.pack(texts)),
                        OptionalInt.of(golden.at("/maskId").asInt())),
                1);
    }

    private CollatedBatch.Labelled examples(List<TokenizedText> texts) {
        long[] labels = IntStream.range(0, texts.size()).mapToLong(i -> i % 2).toArray();
        return new CollatedBatch.Labelled(golden.pack(texts), golden.scope().create(labels), Optional.empty(), false);
    }

    public TokenCorruption masks() {
        return new TokenCorruption(Corruption.MASK, weights().vocabulary());
    }

    /** Norm of the gradient of a loss for every weight, the decoder's among them. */
    public Map<String, Double> gradientNorms(NDArray loss) {
        return golden.gradientNorms(loss);
    }

    public Weights weights() {
        return golden.weights();
    }

    /** Gradients of a loss for every weight. */
    List<float[]> gradients(NDArray loss) {
        List<float[]> gradients = new ArrayList<>();
        golden.gradients(loss).forEach(gradient -> gradients.add(gradient.toFloatArray()));
        return gradients;
    }

    /** The value of a term by its name. */
    public static float value(ObjectiveTerm term, StepContext step, String name) {
        return term.evaluate(step).stream()
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value()
                .getFloat();
    }

    @Override
    public void close() {
        golden.close();
    }
}
