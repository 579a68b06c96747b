package io.github.ephemeralchat.benchmarks;

import java.util.List;

/**
 * One line over a few points that are even steps apart, as a picture in SVG.
 *
 * @param title above the picture
 * @param below what the points stand for
 * @param points from left to right
 */
record LineChart(String title, String below, List<Point> points) {

    private static final int WIDTH = 420;
    private static final int HEIGHT = 240;
    private static final int LEFT = 50;
    private static final int TOP = 44;
    private static final int PLOT_WIDTH = WIDTH - LEFT - 40;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - 56;
    private static final double HEADROOM = 1.25;
    private static final String HEAD = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif">
              <rect width="100%%" height="100%%" fill="#fff"/>
              <text x="%d" y="24" font-size="14" font-weight="bold" fill="#222">%s</text>
              <text x="%d" y="%d" font-size="12" fill="#555" text-anchor="middle">%s</text>
            """;

    /** A place on the line, the smallest and the largest figure that were seen there. */
    record Point(String label, Figures figures) {}

    String svg() {
        double top = points.stream()
                        .mapToDouble(point -> point.figures.largest())
                        .max()
                        .orElse(1)
                * HEADROOM;
        StringBuilder svg = new StringBuilder(
                Texts.of(HEAD, WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT, title, LEFT + PLOT_WIDTH / 2, HEIGHT - 12, below));
        for (int i = 0; i <= 2; i++) {
            double y = y(top * i / 2, top);
            svg.append(Texts.of(
                    "  <path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>%n  <text x=\"%d\" y=\"%.1f\" font-size=\"11\" fill=\"#555\""
                            + " text-anchor=\"end\">%.1f</text>%n",
                    LEFT, y, LEFT + PLOT_WIDTH, LEFT - 6, y + 4, top * i / 2));
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            double x = LEFT + PLOT_WIDTH * (i + 0.5) / points.size();
            double y = y(point.figures.median(), top);
            line.append(Texts.of("%s%.1f %.1f", i == 0 ? "M" : "L", x, y));
            svg.append(mark(point, x, y, top));
        }
        return svg.append(Texts.of("  <path d=\"%s\" fill=\"none\" stroke=\"#2563eb\" stroke-width=\"2\"/>%n", line))
                .append("</svg>\n")
                .toString();
    }

    private static String mark(Point point, double x, double y, double top) {
        return Texts.of(
                "  <path d=\"M%.1f %.1fV%.1f\" stroke=\"#93b4f5\" stroke-width=\"4\"/>%n"
                        + "  <circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#2563eb\"/>%n"
                        + "  <text x=\"%.1f\" y=\"%.1f\" font-size=\"12\" fill=\"#222\" text-anchor=\"middle\">%.1f</text>%n"
                        + "  <text x=\"%.1f\" y=\"%d\" font-size=\"12\" fill=\"#222\" text-anchor=\"middle\">%s</text>%n",
                x,
                y(point.figures.smallest(), top),
                y(point.figures.largest(), top),
                x,
                y,
                x,
                y(point.figures.largest(), top) - 8,
                point.figures.median(),
                x,
                TOP + PLOT_HEIGHT + 18,
                point.label);
    }

    private static double y(double value, double top) {
        return TOP + PLOT_HEIGHT * (1 - value / top);
    }
}
