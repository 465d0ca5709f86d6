package io.millrace.compare.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A table in Markdown.
 *
 * @param header names of the columns
 * @param rows the cells
 */
record MarkdownTable(List<String> header, List<List<String>> rows) {

    String text() {
        return line(header) + "|" + "---|".repeat(header.size()) + "\n"
                + rows.stream().map(MarkdownTable::line).collect(Collectors.joining());
    }

    private static String line(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
