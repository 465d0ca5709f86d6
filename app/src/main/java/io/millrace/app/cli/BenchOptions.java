package io.millrace.app.cli;

import io.millrace.app.bench.Bench;
import io.millrace.app.bench.BenchRun;
import io.millrace.app.demo.DemoFiles;
import io.millrace.compare.MethodChoice;
import io.millrace.encoder.Precision;
import io.millrace.schemas.config.ConfigException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.nio.file.Path;
import java.util.List;

/** What the commands that measure training have in common. */
final class BenchOptions {

    private static final int MIN_TOKENS = 3;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--encoder", paramLabel = "DIR", description = "The encoder; default the one that Millrace ships.")
    private Path encoder;

    @Option(
            names = "--stream",
            paramLabel = "FILE",
            description = "Labelled examples: JSON lines, gzipped or not; default the stream of the demo.")
    private Path stream;

    @Option(
            names = "--methods",
            paramLabel = "METHOD",
            split = ",",
            defaultValue = "plain,mask-tuning,smart",
            description = "The methods to measure, written as for compare; default plain,mask-tuning,smart.")
    private List<String> methods;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            split = ",",
            defaultValue = "f32,bf16",
            description = "Number formats of the arithmetic; default f32,bf16.")
    private List<Precision> precisions;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "60", description = "Steps per run; default 60.")
    private int steps;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Runs of each; figures are medians over them. Default 3.")
    private int rounds;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "32", description = "Examples per step; default 32.")
    private int batch;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "Longest example in tokens, longer ones are truncated; default 64.")
    private int maxTokens;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Compute threads of each loop; default one per core of this machine.")
    private Integer threads;

    /**
     * What to measure.
     *
     * @param scratch directory for the encoder and the stream of the demo, if those are not given
     */
    Bench.Plan plan(Path scratch) throws Exception {
        require(steps >= 1, "--steps must be above 0, got " + steps);
        require(rounds >= 1, "--rounds must be above 0, got " + rounds);
        require(batch >= 1, "--batch must be above 0, got " + batch);
        require(maxTokens >= MIN_TOKENS, "--max-tokens must be at least " + MIN_TOKENS + ", got " + maxTokens);
        require(threads == null || threads >= 1, "--threads must be above 0, got " + threads);
        require((long) steps * batch <= Integer.MAX_VALUE, "--steps times --batch must be below 2^31");
        BenchRun.Size size = new BenchRun.Size(steps, batch, maxTokens, threads == null ? cores() : threads);
        Bench.Plan plan = new Bench.Plan(
                encoder(scratch), stream(scratch), choices("--methods", methods), precisions, size, rounds);
        requireKnown("--methods", plan, plan.methods());
        return plan;
    }

    /** The methods that an option names. */
    List<MethodChoice> choices(String option, List<String> names) {
        try {
            return MethodChoice.parseAll(names);
        } catch (ConfigException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage());
        }
    }

    /** Refuses methods that are none. */
    void requireKnown(String option, Bench.Plan plan, List<MethodChoice> some) {
        try {
            some.forEach(plan::check);
        } catch (ConfigException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage());
        }
    }

    /** Cores of this machine. */
    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    private Path encoder(Path scratch) throws Exception {
        if (encoder != null) {
            return encoder.toAbsolutePath();
        }
        DemoFiles.unpackEncoder(scratch);
        return scratch.resolve("encoder");
    }

    private Path stream(Path scratch) throws Exception {
        return stream == null ? DemoFiles.unpackStream(scratch) : stream.toAbsolutePath();
    }

    /** Refuses the command line if {@code condition} does not hold. */
    void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
