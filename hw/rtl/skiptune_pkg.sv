// Number formats (bits, and bits behind the point), the layer table, and a few helpers.
// The C# side is Formats.cs and LayerTable.cs; a test compares the values.
/* verilator lint_off UNUSEDPARAM */
package skiptune_pkg;
    localparam int MASTER_BITS = 24;
    localparam int MASTER_FRACTION = 20;
    localparam int COPY_BITS = 16;
    localparam int COPY_FRACTION = 12;
    localparam int LEVEL_BITS = 4;
    localparam int SCALE_BITS = 16;
    localparam int SCALE_FRACTION = 14;
    localparam int HIDDEN_SUM_BITS = 40;
    localparam int HIDDEN_SUM_FRACTION = 16;
    localparam int HIDDEN_BITS = 16;
    localparam int HIDDEN_FRACTION = 8;
    localparam int BASE_SCORE_BITS = 16;
    localparam int BASE_SCORE_FRACTION = 8;
    localparam int SCORE_BITS = 30;
    localparam int SCORE_FRACTION = 12;
    localparam int DISTANCE_BITS = 16;
    localparam int EXPONENT_FRACTION = 6;
    localparam int PROBABILITY_FRACTION = 16;
    localparam int RECIPROCAL_FRACTION = 33;
    localparam int RATE_BITS = 16;
    localparam int RATE_FRACTION = 18;
    localparam int GRADIENT_BITS = 18;
    localparam int GRADIENT_FRACTION = 22;
    localparam int BLOCK_GRADIENT_BITS = 16;
    localparam int ACTIVATION_BITS = 8;
    localparam int WEIGHT_BITS = 8;
    localparam int SUM_BITS = 24;
    localparam int SHIFT_BITS = 4;

    // The tapped values of the reference network.
    localparam int LAYERS = 5;
    localparam int LAYER_BITS = 3;
    localparam int TAP0 = 784;
    localparam int TAP1 = 1176;
    localparam int TAP2 = 400;
    localparam int TAP3 = 120;
    localparam int TAP4 = 84;

    // A word's number in a sample: 164 words with 16 lanes.
    localparam int WORD_BITS = 8;

    // The first word of a layer in a sample; of layer 5, the number of all words.
    function automatic int first_word(input int layer, input int lanes);
        first_word = (layer > 0 ? (TAP0 + lanes - 1) / lanes : 0)
            + (layer > 1 ? (TAP1 + lanes - 1) / lanes : 0)
            + (layer > 2 ? (TAP2 + lanes - 1) / lanes : 0)
            + (layer > 3 ? (TAP3 + lanes - 1) / lanes : 0)
            + (layer > 4 ? (TAP4 + lanes - 1) / lanes : 0);
    endfunction

    // Bits of an index below n, at least 1.
    function automatic int index_bits(input int n);
        index_bits = n > 1 ? $clog2(n) : 1;
    endfunction
endpackage
/* verilator lint_on UNUSEDPARAM */
