package io.millrace.app.cli;

import io.millrace.app.encoder.EncoderFacts;
import io.millrace.app.encoder.onnx.OnnxImport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

/** {@code millrace encoder import-onnx}. */
@Command(
        name = "import-onnx",
        description = {
            "Make an encoder of an ONNX export of BERT, as Maven artifacts hold them, and of its tokenizer.",
            "At the end it says what encoder check says. Quantised exports are refused."
        })
public final class EncoderImportOnnxCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The export, an .onnx file with 32-bit floats.")
    private Path model;

    @Parameters(index = "1", paramLabel = "TOKENIZER", description = "Its tokenizer.json, whatever its name.")
    private Path tokenizer;

    @Parameters(index = "2", paramLabel = "OUTPUT", description = "A new directory for the encoder.")
    private Path output;

    @Option(
            names = "--heads",
            paramLabel = "N",
            description = "Number of attention heads, if the export does not show it.")
    private @Nullable Integer heads;

    @Mixin
    private SampleOptions sample;

    @Override
    public Integer call() throws Exception {
        if (heads != null && heads < 1) {
            throw new ParameterException(spec.commandLine(), "--heads must be above 0, got " + heads);
        }
        if (Files.exists(output)) {
            throw new ParameterException(spec.commandLine(), "OUTPUT must be a new directory, got " + output);
        }
        new OnnxImport(model, tokenizer, heads == null ? OptionalInt.empty() : OptionalInt.of(heads)).into(output);
        EncoderFacts facts = sample.inspection().of(output);
        facts.lines().forEach(spec.commandLine().getOut()::println);
        return facts.refused() == null ? 0 : 1;
    }
}
