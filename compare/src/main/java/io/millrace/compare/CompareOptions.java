package io.millrace.compare;

import io.millrace.ingest.file.DataFile;
import io.millrace.schemas.Task;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of a comparison.
 *
 * @param data the examples
 * @param methods the methods; all others are compared with the first
 * @param seeds each method runs once with each seed
 * @param training the keys of {@code training} that all methods share; without them, the demo's settings
 * @param shippedEncoder the encoder to train if {@code training} is absent
 * @param evaluations how often the probe sets are scored along the stream
 * @param destination where the results go
 */
public record CompareOptions(
        Data data,
        List<MethodChoice> methods,
        List<Long> seeds,
        Optional<BaseTraining> training,
        ShippedEncoder shippedEncoder,
        int evaluations,
        Destination destination) {

    /**
     * The examples.
     *
     * @param stream file of labelled examples, in their order
     * @param limit the most examples to use
     * @param probes files by name of the probe set
     * @param task the task whose examples these are
     */
    public record Data(DataFile stream, long limit, Map<String, DataFile> probes, ComparedTask task) {

        public Data {
            probes = new LinkedHashMap<>(probes);
        }
    }

    /**
     * What is known of the task beside its examples.
     *
     * @param labels the labels in order; if empty, the labels of the stream
     * @param regression whether labels are numbers
     * @param configured the task of the services' configuration, which has labels and kind of its own
     */
    public record ComparedTask(List<String> labels, boolean regression, Optional<Task> configured) {

        public ComparedTask {
            labels = List.copyOf(labels);
        }

        /** A task that only its examples and these options describe. */
        public static ComparedTask of(List<String> labels, boolean regression) {
            return new ComparedTask(labels, regression, Optional.empty());
        }

        /** A task of the services' configuration. */
        public static ComparedTask of(Task configured) {
            return new ComparedTask(configured.labels(), configured.kind().isRegression(), Optional.of(configured));
        }
    }

    /**
     * Where the results go.
     *
     * @param folder the folder of all results
     * @param saveModels whether to save the model of each run
     * @param command the command, for the top of the table
     */
    public record Destination(Path folder, boolean saveModels, String command) {}

    /** The encoder that comes with Millrace. */
    @FunctionalInterface
    public interface ShippedEncoder {

        /** Unpacks it into {@code directory/encoder}, as a Hugging Face directory. */
        void unpackInto(Path directory) throws IOException;
    }

    public CompareOptions {
        methods = List.copyOf(methods);
        seeds = List.copyOf(seeds);
    }
}
