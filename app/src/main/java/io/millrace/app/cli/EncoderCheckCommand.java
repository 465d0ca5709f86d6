package io.millrace.app.cli;

import io.millrace.app.encoder.EncoderFacts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code millrace encoder check}. */
@Command(
        name = "check",
        description = {
            "Say what an encoder is, which of its heads a task would start fresh, and why it is refused if it is.",
            "Reads all of its weights, and encodes a text."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:a task can start from it", "1:it is refused; the last line says why", "2:wrong usage"})
public final class EncoderCheckCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Directory with config.json, model.safetensors and tokenizer.json.")
    private Path directory;

    @Mixin
    private SampleOptions sample;

    @Mixin
    private final JsonOption json = JsonOption.one(EncoderFacts.class);

    @Override
    public Integer call() throws Exception {
        EncoderFacts facts = sample.inspection().of(directory);
        json.print(facts, facts.lines());
        return facts.refused() == null ? 0 : 1;
    }
}
