package io.millrace.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace encoder}. */
@Command(
        name = "encoder",
        description = "Get an encoder to start from, and look at one.",
        subcommands = {EncoderDownloadCommand.class, EncoderCheckCommand.class, EncoderImportOnnxCommand.class})
public final class EncoderCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: download, check or import-onnx");
    }
}
