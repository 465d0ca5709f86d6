package io.millrace.compare;

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
 * @param config file with the keys of {@code training} that all methods share; without it, the demo's settings
 * @param shippedEncoder the encoder to train if {@code config} is absent
 * @param evaluations how often the probe sets are scored along the stream
 * @param destination where the results go
 */
public record CompareOptions(
        Data data,
        List<MethodChoice> methods,
        List<Long> seeds,
        Optional<Path> config,
        ShippedEncoder shippedEncoder,
        int evaluations,
        Destination destination) {

    /**
     * The examples.
     *
     * @param stream file of labelled examples, in their order
     * @param limit the most examples to use
     * @param probes files by name of the probe set
     * @param labels the task's labels in order; if empty, the labels of the stream
     * @param regression whether labels are numbers
     */
    public record Data(Path stream, long limit, Map<String, Path> probes, List<String> labels, boolean regression) {

        public Data {
            probes = new LinkedHashMap<>(probes);
            labels = List.copyOf(labels);
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
