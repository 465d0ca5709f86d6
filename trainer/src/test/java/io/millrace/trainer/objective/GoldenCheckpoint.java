package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.AdamW;
import io.millrace.encoder.Compute;
import io.millrace.encoder.EffectiveRank;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.Precision;
import io.millrace.encoder.ShallowDecoder;
import io.millrace.encoder.StepWeights;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.Workers;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.objective.masking.MaskingPolicy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** One checkpoint of the fixture folder with its expected values, opened for one test, dropout off. */
public final class GoldenCheckpoint implements AutoCloseable {

    static final AdamW.Settings UNUSED = new AdamW.Settings(0.9, 0.999, 1e-8, 0.01, 1);

    private final JsonNode expected;
    private final GradMode gradMode = GradMode.on();
    private final TextTokenizer tokenizer;
    private final TextEncoder encoder;
    private final Weights weights;
    private final ShallowDecoder decoder;
    private final NDManager scope;
    private final AdamW optimizer;
    private StepWeights prepared;
    private ForwardPass pass;

    GoldenCheckpoint(Path directory, AdamW.Settings settings) throws IOException {
        expected = Json.mapper().readTree(directory.resolve("expected.json").toFile());
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(directory);
        int classes = expected.at("/classification/logits/0").size();
        OutputHead head = checkpoint
                .head()
                .orElseGet(() -> OutputHead.classes(
                        IntStream.range(0, classes).mapToObj(i -> "LABEL_" + i).toList()));
        tokenizer = checkpoint.openTokenizer(expected.get("maxLength").asInt());
        encoder = TextEncoder.open(checkpoint, new Compute("cpu", Precision.F32));
        weights = checkpoint.loadWeights(encoder.manager(), head, new Random(0));
        decoder = ShallowDecoder.draw(checkpoint, encoder.manager(), 2, new Random(0));
        scope = encoder.manager().newSubManager();
        optimizer = new AdamW(encoder.manager(), trained(), settings);
        renew();
    }

    /** Reads the weights anew, after a step of the optimizer. */
    void renew() {
        prepared = encoder.prepare(scope, new StepWeights.Trained(weights, Optional.empty(), Optional.of(decoder)));
        pass = encoder.withoutDropout(encoder.trainingPass(scope, prepared, new Random(0)));
    }

    private Map<String, NDArray> trained() {
        Map<String, NDArray> trained = new LinkedHashMap<>(weights.byName());
        trained.putAll(decoder.byName());
        return trained;
    }

    /** Whether the family has a masked-token head, which some entries are about. */
    static boolean canPredictTokens(Path directory) {
        return EncoderCheckpoint.read(directory).canPredictTokens();
    }

    public JsonNode at(String pointer) {
        JsonNode node = expected.at(pointer);
        if (node.isMissingNode()) {
            throw new IllegalStateException("expected.json has no " + pointer);
        }
        return node;
    }

    NDManager scope() {
        return scope;
    }

    EffectiveRank effectiveRank() {
        return new EffectiveRank(encoder);
    }

    AdamW optimizer() {
        return optimizer;
    }

    public Weights weights() {
        return weights;
    }

    public ForwardPass pass() {
        return pass;
    }

    public ForwardPass pass(Weights others) {
        return encoder.inferencePass(scope, others);
    }

    public List<TokenizedText> tokens() {
        List<TextInput> inputs = new ArrayList<>();
        at("/texts").forEach(text -> inputs.add(new TextInput(text.asText(), null)));
        return tokenizer.tokenize(inputs);
    }

    List<TokenizedText> pairTokens() {
        List<TextInput> inputs = new ArrayList<>();
        at("/pairs/texts")
                .forEach(pair -> inputs.add(
                        new TextInput(pair.get(0).asText(), pair.get(1).asText())));
        return tokenizer.tokenize(inputs);
    }

    TextBatch pack(List<TokenizedText> texts) {
        return encoder.pack(scope, texts);
    }

    public StepContext context() {
        return context(Optional.empty());
    }

    public StepContext context(Optional<ForwardPass> reference) {
        long[] labels = new long[at("/labels").size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = at("/labels").get(i).asLong();
        }
        return context(
                reference,
                new CollatedBatch(
                        Optional.of(new CollatedBatch.Labelled(
                                pack(tokens()), scope.create(labels), Optional.empty(), false)),
                        Optional.empty(),
                        tokenizer.maskId()),
                1);
    }

    /** The context of a step, dropout off, on whatever a test wants. */
    public StepContext context(Optional<ForwardPass> reference, CollatedBatch batch, long step) {
        return new StepContext(scope, new StepContext.Passes(pass, pass, reference), batch, new StepRandom(1, step));
    }

    /** The only value of a term. */
    public static NDArray only(ObjectiveTerm term, StepContext step) {
        return term.evaluate(step).get(0).value();
    }

    /** Compares a loss and its gradients with those of an entry. */
    public void compare(Errors errors, String entry, NDArray loss) {
        errors.loss("loss", at(entry + "/loss"), loss.getFloat());
        errors.gradientNorms(at(entry + "/gradNorm"), gradientNorms(loss));
    }

    /** The gradient's norm for every weight by its Hugging Face name, and for those of a decoder that the goldens know nothing of. */
    Map<String, Double> gradientNorms(NDArray loss) {
        NDList gradients = gradients(loss);
        Map<String, Double> norms = new LinkedHashMap<>();
        int i = 0;
        for (String name : trained().keySet()) {
            norms.put(name, norm(gradients.get(i++)));
        }
        // transformers may know the embedding by the name of the decoder that is tied to it.
        norms.computeIfAbsent("lm_head.decoder.weight", tied -> norms.get("roberta.embeddings.word_embeddings.weight"));
        return norms;
    }

    /** The gradient of a loss for every weight, those of the decoder last. */
    NDList gradients(NDArray loss) {
        return prepared.gradients(trained().keySet(), List.of(pass.gradients(loss)), Workers.CALLER);
    }

    private static double norm(NDArray gradient) {
        double sum = 0;
        for (float value : gradient.toFloatArray()) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /** The rows of the real tokens of an expected [B, T, ...] entry, packed. */
    public List<JsonNode> packedRows(JsonNode padded) {
        List<JsonNode> rows = new ArrayList<>();
        List<TokenizedText> tokens = tokens();
        for (int example = 0; example < tokens.size(); example++) {
            for (int i = 0; i < tokens.get(example).length(); i++) {
                rows.add(padded.get(example).get(i));
            }
        }
        return rows;
    }

    /** An expected [B, T, H] entry as a packed array [n, H]. */
    NDArray packed(JsonNode padded) {
        List<JsonNode> rows = packedRows(padded);
        int width = rows.get(0).size();
        float[] values = new float[rows.size() * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) rows.get(i / width).get(i % width).asDouble();
        }
        return scope.create(values, new Shape(rows.size(), width));
    }

    /** The expected masked positions as a masking policy, targets as they are. */
    public MaskingPolicy expectedPositions() {
        return (step, batch, encoder, random) -> new MaskingPolicy.Selection(expectedMask(), Optional.empty());
    }

    /** The expected masked positions: one flag a token of the packed batch. */
    public boolean[] expectedMask() {
        List<JsonNode> rows = packedRows(at("/maskedToken/positions"));
        boolean[] masked = new boolean[rows.size()];
        for (int i = 0; i < masked.length; i++) {
            masked[i] = rows.get(i).asDouble() != 0;
        }
        return masked;
    }

    @Override
    public void close() {
        encoder.close();
        tokenizer.close();
        gradMode.close();
    }
}
