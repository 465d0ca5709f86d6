package io.millrace.app.cli;

import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.pretrain.PretrainingRun;
import io.millrace.app.pretrain.TextFiles;
import io.millrace.schemas.config.ConfigFile;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.pretrain.Pretraining;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code millrace pretrain}. */
@Command(
        name = "pretrain",
        description = {
            "Pre-train an encoder on unlabelled texts, from scratch or from a checkpoint.",
            "The encoder of the configuration is a Hugging Face directory; without model.safetensors in it, weights are"
                    + " random. The same command resumes where it was interrupted."
        })
public final class PretrainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private TextsOption texts;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "YAML with the keys of training, as in tasks.NAME.training: at least encoder.")
    private Path config;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often to go through the texts; default 1.")
    private int epochs;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Directory for the checkpoints and, in DIR/encoder, the encoder.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        if (epochs < 1) {
            throw new ParameterException(spec.commandLine(), "--epochs must be above 0, got " + epochs);
        }
        Requirements.directory(spec, "--out", out);
        Path encoder = out.resolve("encoder");
        if (Files.exists(encoder)) {
            throw new ParameterException(
                    spec.commandLine(),
                    encoder + " exists already: this pre-training has finished. Give another --out, or remove it.");
        }
        TrainingConfig training = ConfigFile.bind(
                ConfigFile.tree(config), TrainingConfig.class, ConfigFile.folderOf(config), config.toString());
        ProgressPrinter printer =
                new ProgressPrinter(spec.commandLine().getOut(), Boolean.getBoolean("millrace.terminal"));
        TextFiles sequence = texts.open(epochs, training.seed());
        new PretrainingRun(printer).run(new Pretraining(training, sequence, out), encoder);
        return 0;
    }
}
