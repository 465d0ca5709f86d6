package io.millrace.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to compare, on what.
 *
 * @param data the examples
 * @param methods the methods; the others are compared with the first
 * @param seeds each method runs once with each
 * @param config file with the keys of {@code training} that all methods share; the demo's settings if absent
 * @param shippedEncoder the encoder that is trained if {@code config} is absent
 * @param evaluations how often the probe sets are asked along the stream
 * @param output where the results go
 */
public record CompareOptions(
        Data data,
        List<MethodChoice> methods,
        List<Long> seeds,
        Optional<Path> config,
        ShippedEncoder shippedEncoder,
        int evaluations,
        Output output) {

    /**
     * The examples.
     *
     * @param stream file of labelled examples, in order
     * @param limit how many of them to take at most
     * @param probes files by the name of the probe set
     * @param labels the task's labels in order; those of the stream if empty
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
     * @param folder the folder of all of them
     * @param saveModels whether each run leaves its model there
     * @param command the command, for the head of the table
     */
    public record Output(Path folder, boolean saveModels, String command) {}

    /** The encoder that comes with Millrace. */
    @FunctionalInterface
    public interface ShippedEncoder {

        /** Puts it into {@code directory/encoder}, as a Hugging Face directory. */
        void unpackInto(Path directory) throws IOException;
    }

    public CompareOptions {
        methods = List.copyOf(methods);
        seeds = List.copyOf(seeds);
    }
}
