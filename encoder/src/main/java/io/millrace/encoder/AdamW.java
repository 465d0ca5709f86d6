package io.millrace.encoder;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.TorchScriptModule;
import io.millrace.encoder.torchscript.Workers;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * AdamW with global-norm clipping (Loshchilov and Hutter, arXiv 1711.05101). Decay is decoupled and applies to
 * matrices only. Owns the moments, except those that {@link WordRows} keeps.
 *
 * <p>With gradient g scaled by min(1, gradNormMax / (norm + 1e-6)), step t and rate r:
 * m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
 * w = w - r decay w - r (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + adamEpsilon).
 */
public final class AdamW implements AutoCloseable {

    private static final String FIRST = "first_moment.";
    private static final String SECOND = "second_moment.";

    /**
     * The constants.
     *
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param adamEpsilon guard of the division
     * @param weightDecay decoupled decay of matrices
     * @param gradNormMax largest global gradient norm
     */
    public record Settings(double beta1, double beta2, double adamEpsilon, double weightDecay, double gradNormMax) {}

    /**
     * What decides on a step; it stays on the device, because reading it from a GPU waits for everything before it.
     *
     * @param norm Euclidean norm over all gradients, a scalar
     * @param unusable 1 if the norm or a loss is not finite, so that a step changes nothing, else 0
     */
    public record Checked(NDArray norm, NDArray unusable) {}

    private final TorchScriptModule kernels;
    private final Settings settings;
    private final NDManager owner;
    private final Optional<WordRows> words;
    private Map<String, NDArray> weights;
    private final Map<String, NDArray> moments = new LinkedHashMap<>();

    /**
     * An optimizer of {@code weights} with zero moments.
     *
     * @param parent manager below which it keeps its memory
     */
    public AdamW(NDManager parent, Map<String, NDArray> weights, Settings settings) {
        this(parent, weights, settings, Optional.empty());
    }

    /**
     * An optimizer of {@code weights} with zero moments.
     *
     * @param words if the objective reads only some rows of the word embedding, which must be one of the weights: the gradient of the rows
     *     in use stands for that of the embedding
     */
    public AdamW(NDManager parent, Map<String, NDArray> weights, Settings settings, Optional<WordRows> words) {
        this.words = words;
        this.settings = settings;
        this.weights = weights;
        owner = parent.newSubManager();
        kernels = kernels(owner, !owner.getDevice().isGpu());
        for (String kind : List.of(FIRST, SECOND)) {
            weights.forEach((name, weight) -> {
                if (rowsOf(weight).isEmpty()) {
                    moments.put(kind + name, owner.zeros(weight.getShape()));
                }
            });
        }
    }

    /**
     * The kernels.
     *
     * @param waits whether they read the norm to see if gradients must be scaled
     */
    static TorchScriptModule kernels(NDManager owner, boolean waits) {
        return TorchScriptModule.load(owner, "Optimizer", Map.of("waits", waits));
    }

    /**
     * Loads moments that were written from {@link #moments(NDManager)}. A weight that has no moments in the file, because the
     * method has changed since, keeps zero moments.
     */
    public void resume(Path file) throws IOException {
        try (SafetensorsFile stored = SafetensorsFile.open(file);
                NDManager scope = owner.newSubManager()) {
            for (Map.Entry<String, NDArray> moment : moments.entrySet()) {
                if (stored.entries().containsKey(moment.getKey())) {
                    NDArray read = read(
                            owner,
                            file,
                            stored,
                            moment.getKey(),
                            moment.getValue().getShape());
                    moment.getValue().close();
                    moment.setValue(read);
                }
            }
            for (Map.Entry<String, NDArray> weight : weights.entrySet()) {
                Optional<WordRows> rows = rowsOf(weight.getValue());
                if (rows.isPresent() && stored.entries().containsKey(FIRST + weight.getKey())) {
                    Shape shape = weight.getValue().getShape();
                    rows.get()
                            .resume(
                                    scope,
                                    read(scope, file, stored, FIRST + weight.getKey(), shape),
                                    read(scope, file, stored, SECOND + weight.getKey(), shape));
                }
            }
        }
    }

    private static NDArray read(NDManager manager, Path file, SafetensorsFile stored, String key, Shape expected)
            throws IOException {
        Shape got = new Shape(requireNonNull(stored.entries().get(key), key).shape());
        if (!got.equals(expected)) {
            throw new UnusableCheckpointException(file + ": " + key + " must have shape " + expected + ", got " + got
                    + ". It is not of this checkpoint.");
        }
        return stored.array(manager, key);
    }

    private Optional<WordRows> rowsOf(NDArray weight) {
        return words.filter(rows -> rows.areOf(weight));
    }

    private NDArray moment(String kind, String name) {
        return requireNonNull(moments.get(kind + name), name);
    }

    /**
     * Continues with weights of the same names, some of them with more rows; the new rows start with zero moments.
     */
    public void follow(Map<String, NDArray> grown) {
        weights = grown;
        WeightInitializer zeros = new WeightInitializer(owner, new SplittableRandom(0), 0);
        for (Map.Entry<String, NDArray> moment : moments.entrySet()) {
            String name = moment.getKey().substring(moment.getKey().indexOf('.') + 1);
            Shape shape = requireNonNull(grown.get(name), name).getShape();
            if (!shape.equals(moment.getValue().getShape())) {
                try (NDArray old = moment.getValue()) {
                    moment.setValue(zeros.grown(old, shape.get(0)));
                }
            }
        }
    }

    /**
     * The moments by name, to be written with a checkpoint.
     *
     * @param scope manager that takes those that are put together for this; the others stay the optimizer's
     */
    public Map<String, NDArray> moments(NDManager scope) {
        Map<String, NDArray> written = new LinkedHashMap<>();
        List<String> kinds = List.of(FIRST, SECOND);
        Optional<List<NDArray>> ofWords = words.map(rows -> rows.moments(scope));
        for (int kind = 0; kind < kinds.size(); kind++) {
            for (Map.Entry<String, NDArray> weight : weights.entrySet()) {
                String key = kinds.get(kind) + weight.getKey();
                written.put(
                        key,
                        rowsOf(weight.getValue()).isPresent()
                                ? ofWords.orElseThrow().get(kind)
                                : requireNonNull(moments.get(key), key));
            }
        }
        return written;
    }

    /**
     * Computes the norm of gradients, in parts, and whether they are usable.
     *
     * @param losses what they are the gradients of, at least one, each a scalar
     */
    public Checked check(NDManager scope, NDList gradients, List<NDArray> losses, Workers workers) {
        try (GradMode off = GradMode.off()) {
            NDList norms = new NDList(workers.overRanges(sizes(gradients), (from, to) -> {
                try (GradMode offThere = GradMode.off()) {
                    return kernels.call(scope, "norms", new NDList(gradients.subList(from, to)))
                            .get(0);
                }
            }));
            NDArray norm = kernels.call(scope, "norm", norms).get(0);
            return new Checked(
                    norm, kernels.call(scope, "unusable", norm, losses).get(0));
        }
    }

    private static long[] sizes(NDList arrays) {
        return arrays.stream().mapToLong(NDArray::size).toArray();
    }

    /**
     * Takes a step, in place. Each weight is stepped by itself, so the result does not depend on how many threads share them.
     *
     * @param step 1 for the first
     * @param gradients one per weight, in their order, as {@link StepWeights#gradients} gives them
     * @param checked the {@link #check} of these gradients; if the norm is too large, they are scaled in place
     */
    public void step(
            NDManager scope, NDList gradients, Checked checked, long step, double learningRate, Workers workers) {
        try (GradMode off = GradMode.off()) {
            List<Stepped> all = new ArrayList<>();
            int i = 0;
            for (Map.Entry<String, NDArray> weight : weights.entrySet()) {
                all.add(stepped(scope, weight.getKey(), weight.getValue(), gradients.get(i++)));
            }
            workers.overRanges(sizes(gradients), (from, to) -> {
                step(scope, all.subList(from, to), checked, step, learningRate);
                return to;
            });
        }
    }

    /** Notes that a step was usable. */
    public void stepped(double learningRate) {
        words.ifPresent(rows -> rows.stepped((float) (1 - learningRate * settings.weightDecay)));
    }

    /** What one weight's step takes: the arrays [weight, gradient, first moment, second moment], and whether it decays. */
    private record Stepped(List<NDArray> arrays, boolean decays) {}

    private Stepped stepped(NDManager scope, String name, NDArray weight, NDArray gradient) {
        return rowsOf(weight)
                .map(rows -> new Stepped(rows.inUse(scope, gradient), true))
                .orElseGet(() -> new Stepped(
                        List.of(weight, gradient, moment(FIRST, name), moment(SECOND, name)),
                        weight.getShape().dimension() > 1));
    }

    private void step(NDManager scope, List<Stepped> some, Checked checked, long step, double learningRate) {
        try (GradMode off = GradMode.off()) {
            // Copies of this thread's own: DJL writes a name on each array that it gives to a kernel.
            NDArray norm = checked.norm.duplicate();
            NDArray unusable = checked.unusable.duplicate();
            // One call per group: AdamW takes one decay for all of its weights, and clips by the norm over all of them.
            for (boolean decays : new boolean[] {true, false}) {
                List<Stepped> group =
                        some.stream().filter(one -> one.decays == decays).toList();
                if (!group.isEmpty()) {
                    List<Object> arguments = new ArrayList<>();
                    for (int kind = 0; kind < 4; kind++) {
                        NDList arrays = new NDList();
                        for (Stepped one : group) {
                            arrays.add(one.arrays.get(kind));
                        }
                        arguments.add(arrays);
                    }
                    arguments.add(norm);
                    arguments.add(unusable);
                    arguments.add(settings(scope, learningRate, decays ? settings.weightDecay : 0, step));
                    kernels.call(scope, "adamw", arguments.toArray());
                }
            }
        }
    }

    private List<NDArray> settings(NDManager scope, double learningRate, double decay, long step) {
        NDManager host = Uploads.host(scope);
        List<NDArray> values = new ArrayList<>();
        for (double value : new double[] {
            learningRate, settings.beta1, settings.beta2, decay, settings.adamEpsilon, settings.gradNormMax, step
        }) {
            values.add(host.create(value));
        }
        return values;
    }

    /** Moves {@code target} a share of the way to {@code source}, in place: target += share * (source - target). */
    public void blend(NDManager scope, Weights target, Weights source, double share) {
        try (GradMode off = GradMode.off()) {
            kernels.call(
                    scope,
                    "blend",
                    new NDList(target.moving().values()),
                    new NDList(source.moving().values()),
                    Uploads.host(scope).create(share));
        }
    }

    @Override
    public void close() {
        owner.close();
    }
}
