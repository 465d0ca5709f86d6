package io.millrace.app.cli;

import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.encoder.EncoderFacts;
import io.millrace.app.encoder.hub.EncoderDownload;
import io.millrace.app.encoder.hub.HubEndpoint;
import io.millrace.app.encoder.hub.RepositoryName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code millrace encoder download}. */
@Command(
        name = "download",
        description = {
            "Download an encoder from the Hugging Face hub: JSON and safetensors, nothing else, each with its hash checked.",
            "The same command resumes where it was interrupted. At the end it says what encoder check says.",
            "HF_ENDPOINT in the environment names a mirror of the hub, HF_TOKEN a token for private and gated repositories."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the encoder is there, and a task can start from it",
            "1:failure, or an encoder that is refused; the message says why",
            "2:wrong usage, or a wrong value in the environment"
        })
public final class EncoderDownloadCommand implements Callable<Integer> {

    private static final int MOST_REVISION_CHARS = 200;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ORG/NAME", description = "The repository, as sentence-transformers/all-MiniLM-L6-v2.")
    private String repository;

    @Option(
            names = "--revision",
            paramLabel = "REVISION",
            defaultValue = "main",
            description = "Branch, tag or commit; default main. All files are of the commit that it is at the start.")
    private String revision;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "A new directory for the encoder; default NAME in the present one.")
    private Path output;

    @Mixin
    private SampleOptions sample;

    @Override
    public Integer call() throws Exception {
        RepositoryName name = name();
        if (revision.isBlank() || revision.length() > MOST_REVISION_CHARS) {
            throw new ParameterException(
                    spec.commandLine(), "--revision must have 1 to " + MOST_REVISION_CHARS + " characters");
        }
        Requirements.directory(spec, "--output", output);
        Path directory = output == null ? Path.of(name.name()) : output;
        HubEndpoint endpoint = HubEndpoint.of(System.getenv());
        ProgressPrinter printer =
                new ProgressPrinter(spec.commandLine().getOut(), Boolean.getBoolean("millrace.terminal"));
        try {
            new EncoderDownload(name, revision, directory).run(endpoint, printer);
        } finally {
            printer.endProgress();
        }
        EncoderFacts facts = sample.inspection().of(directory);
        facts.lines().forEach(printer::line);
        return facts.refused() == null ? 0 : 1;
    }

    private RepositoryName name() {
        try {
            return new RepositoryName(repository);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
