package io.millrace.app.cli;

import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.pretrain.PretrainingRun;
import io.millrace.app.pretrain.TextFiles;
import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.LineCheck;
import io.millrace.ingest.file.LineSource;
import io.millrace.schemas.config.ConfigFile;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.pretrain.Pretraining;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    @Mixin
    private FormatOptions format;

    @Mixin
    private TrainingOptions training;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often to go through the texts; default 1.")
    private int epochs;

    @Option(
            names = "--dry-run",
            description = "Train nothing: count the lines that would be refused, by reason. --out is not needed.")
    private boolean dryRun;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory for the checkpoints and, in DIR/encoder, the encoder.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        if (epochs < 1) {
            throw new ParameterException(spec.commandLine(), "--epochs must be above 0, got " + epochs);
        }
        if (!dryRun && out == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--out=DIR'");
        }
        training.check();
        List<DataFile> files = texts.files(format);
        if (dryRun) {
            return dryRun(files);
        }
        Requirements.directory(spec, "--out", out);
        Path encoder = out.resolve("encoder");
        if (Files.exists(encoder)) {
            throw new ParameterException(
                    spec.commandLine(),
                    encoder + " exists already: this pre-training has finished. Give another --out, or remove it.");
        }
        TrainingConfig settings = training.training()
                .map(given -> ConfigFile.bind(given.tree(), TrainingConfig.class, given.folder(), given.origin()))
                .orElseThrow(
                        () -> new ParameterException(spec.commandLine(), "Missing required option: '--config=FILE'"));
        ProgressPrinter printer =
                new ProgressPrinter(spec.commandLine().getOut(), Boolean.getBoolean("millrace.terminal"));
        TextFiles sequence = TextFiles.open(files, epochs, settings.seed());
        new PretrainingRun(printer).run(new Pretraining(settings, sequence, out), encoder);
        return 0;
    }

    private int dryRun(List<DataFile> files) throws IOException {
        DryRun found = new DryRun();
        for (DataFile file : files) {
            try (LineSource lines = file.lines()) {
                found.read(lines, LineCheck.textsAlone(), Long.MAX_VALUE);
            }
        }
        PrintWriter print = spec.commandLine().getOut();
        found.lines().forEach(print::println);
        print.printf("pretrain would refuse %,d of %,d texts; nothing was trained%n", found.rejected(), found.read());
        return found.rejected() == 0 && found.read() > 0 ? 0 : 1;
    }
}
