//! Functions of numpy, scipy, scikit-learn and torch that files name as a value (`FunctionTransformer`, scorers, aggregations).
//!
//! They are listed one by one: a module also holds what it imported for itself, functions that read files, and its tests. Those that
//! call what they are given are in rows of their own.

use super::Row;
use crate::safety::known::Check::{Any, Runs};
use crate::safety::known::Role::Reference;

#[rustfmt::skip]
const UFUNCS: &str = "_ones_like absolute add add.reduce arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh array \
    asanyarray asarray ascontiguousarray asfortranarray bincount bitwise_and bitwise_count bitwise_or bitwise_xor c_einsum cbrt \
    ceil clip concatenate conj conjugate copysign correlate cos cosh count deg2rad degrees divide divmod dot empty empty_like \
    endswith equal exp exp2 expm1 fabs find float_power floor floor_divide fmax fmin fmod frexp gcd greater greater_equal heaviside \
    hypot index inner interp invert isalnum isalpha isdecimal isdigit isfinite isinf islower isnan isnat isnumeric isspace istitle \
    isupper lcm ldexp left_shift less less_equal lexsort log log10 log1p log2 logaddexp logaddexp2 logical_and logical_and.reduce \
    logical_not logical_or logical_or.reduce logical_xor matmul matvec maximum maximum.reduce minimum minimum.reduce mod modf \
    multiply multiply.reduce negative nextafter not_equal positive power rad2deg radians reciprocal remainder rfind right_shift \
    rindex rint sign signbit sin sinh spacing sqrt square startswith str_len subtract tan tanh true_divide trunc vdot vecdot vecmat \
    where zeros";
#[rustfmt::skip]
const FROM_NUMERIC: &str = "all alltrue amax amin any argmax argmin argpartition argsort around choose clip compress cumprod \
    cumproduct cumsum diagonal matrix_transpose max mean min ndim nonzero partition prod product ptp ravel repeat reshape resize \
    round round_ searchsorted shape size sometrue sort squeeze std sum swapaxes take trace transpose var";
#[rustfmt::skip]
const LINALG: &str = "cholesky cond cross det diagonal eig eigh eigvals eigvalsh inv lstsq matmul matrix_norm matrix_power \
    matrix_rank matrix_transpose multi_dot norm outer pinv qr slogdet solve svd svdvals tensordot tensorinv tensorsolve trace \
    vecdot vector_norm";
#[rustfmt::skip]
const SPECIAL: &str = "agm ai_zeros airy airye assoc_laguerre assoc_legendre_p assoc_legendre_p_all bdtr bdtrc bdtri bdtrik bdtrin \
    bei bei_zeros beip beip_zeros ber ber_zeros bernoulli berp berp_zeros besselpoly beta betainc betaincc betainccinv betaincinv \
    betaln bi_zeros binom boxcox boxcox1p btdtr btdtri btdtria btdtrib c_roots cbrt cg_roots chdtr chdtrc chdtri chdtriv chebyc \
    chebys chebyt chebyu chndtr chndtridf chndtrinc chndtrix clpmn comb cosdg cosm1 cotdg dawsn digamma diric ellip_harm \
    ellip_harm_2 ellip_normal ellipe ellipeinc ellipj ellipk ellipkinc ellipkm1 elliprc elliprd elliprf elliprg elliprj entr erf \
    erf_zeros erfc erfcinv erfcx erfi erfinv euler eval_chebyc eval_chebys eval_chebyt eval_chebyu eval_gegenbauer eval_genlaguerre \
    eval_hermite eval_hermitenorm eval_jacobi eval_laguerre eval_legendre eval_sh_chebyt eval_sh_chebyu eval_sh_jacobi \
    eval_sh_legendre exp1 exp10 exp2 expi expit expm1 expn exprel factorial factorial2 factorialk fdtr fdtrc fdtri fdtridfd fresnel \
    fresnel_zeros fresnelc_zeros fresnels_zeros gamma gammainc gammaincc gammainccinv gammaincinv gammaln gammasgn gdtr gdtrc \
    gdtria gdtrib gdtrix gegenbauer genlaguerre h1vp h2vp h_roots hankel1 hankel1e hankel2 hankel2e he_roots hermite hermitenorm \
    huber hyp0f1 hyp1f1 hyp2f1 hyperu i0 i0e i1 i1e inv_boxcox inv_boxcox1p it2i0k0 it2j0y0 it2struve0 itairy iti0k0 itj0y0 \
    itmodstruve0 itstruve0 iv ive ivp j0 j1 j_roots jacobi jn jn_zeros jnjnp_zeros jnp_zeros jnyn_zeros js_roots jv jve jvp k0 k0e \
    k1 k1e kei kei_zeros keip keip_zeros kelvin kelvin_zeros ker ker_zeros kerp kerp_zeros kl_div kn kolmogi kolmogorov kv kve kvp \
    l_roots la_roots laguerre lambertw legendre legendre_p legendre_p_all lmbda log1p log_expit log_ndtr log_softmax \
    log_wright_bessel loggamma logit logsumexp lpmn lpmv lpn lqmn lqn mathieu_a mathieu_b mathieu_cem mathieu_even_coef \
    mathieu_modcem1 mathieu_modcem2 mathieu_modsem1 mathieu_modsem2 mathieu_odd_coef mathieu_sem modfresnelm modfresnelp modstruve \
    multigammaln nbdtr nbdtrc nbdtri nbdtrik nbdtrin ncfdtr ncfdtri ncfdtridfd ncfdtridfn ncfdtrinc nctdtr nctdtridf nctdtrinc \
    nctdtrit ndtr ndtri ndtri_exp nrdtrimn nrdtrisd obl_ang1 obl_ang1_cv obl_cv obl_cv_seq obl_rad1 obl_rad1_cv obl_rad2 \
    obl_rad2_cv owens_t p_roots pbdn_seq pbdv pbdv_seq pbvv pbvv_seq pbwa pdtr pdtrc pdtri pdtrik perm poch polygamma powm1 \
    pro_ang1 pro_ang1_cv pro_cv pro_cv_seq pro_rad1 pro_rad1_cv pro_rad2 pro_rad2_cv ps_roots pseudo_huber psi radian rel_entr \
    rgamma riccati_jn riccati_yn roots_chebyc roots_chebys roots_chebyt roots_chebyu roots_gegenbauer roots_genlaguerre \
    roots_hermite roots_hermitenorm roots_jacobi roots_laguerre roots_legendre roots_sh_chebyt roots_sh_chebyu roots_sh_jacobi \
    roots_sh_legendre round s_roots sh_chebyt sh_chebyu sh_jacobi sh_legendre shichi sici sinc sindg smirnov smirnovi softmax \
    softplus spence sph_harm sph_harm_y sph_harm_y_all sph_legendre_p sph_legendre_p_all spherical_in spherical_jn spherical_kn \
    spherical_yn stdtr stdtridf stdtrit stirling2 struve t_roots tandg tklmbda ts_roots u_roots us_roots voigt_profile wofz \
    wright_bessel wrightomega xlog1py xlogy y0 y0_zeros y1 y1_zeros y1p_zeros yn yn_zeros ynp_zeros yv yve yvp zeta zetac";
#[rustfmt::skip]
const STATS: &str = "alexandergovern anderson bartlett bayes_mvs binom_test boxcox_llf brunnermunzel chisquare circmean circstd \
    circvar cumfreq describe directional_stats energy_distance expectile f_oneway false_discovery_control fisher_exact fligner \
    friedmanchisquare gmean gstd gzscore hmean iqr jarque_bera kendalltau kruskal ks_2samp kstat kstatvar kurtosis kurtosistest \
    levene linregress lmoment median_abs_deviation median_test mode moment mood mvsdist normaltest obrientransform \
    percentileofscore pmean pointbiserialr power_divergence quantile_test quantile_test_iv rankdata ranksums relfreq \
    scoreatpercentile sem shapiro sigmaclip skew skewtest spearmanr tiecorrect tmax tmean tmin trim1 trim_mean trimboth tsem tstd \
    ttest_1samp ttest_ind_from_stats ttest_rel tvar wasserstein_distance wasserstein_distance_nd weightedtau wilcoxon \
    wilcoxon_outputs yeojohnson yeojohnson_llf zmap zscore";

#[rustfmt::skip] // A row a line: the formatter would make five of it.
pub(super) const ROWS: &[Row] = &[
    (Reference, Any, "a function over arrays; it computes an array or a number", &[
        ("numpy.core._multiarray_umath", UFUNCS),
        ("numpy._core._multiarray_umath", UFUNCS),
        ("numpy.core.fromnumeric", FROM_NUMERIC),
        ("numpy._core.fromnumeric", FROM_NUMERIC),
        ("numpy", "add.reduce logical_and.reduce logical_or.reduce maximum.reduce minimum.reduce multiply.reduce ones_like polyfit polyval ravel"),
        ("numpy.linalg", LINALG),
        ("numpy.linalg.linalg", LINALG),
        ("numpy.linalg._linalg", LINALG),
        ("numpy.fft", "fft fft2 fftfreq fftn fftshift hfft ifft ifft2 ifftn ifftshift ihfft irfft irfft2 irfftn rfft rfft2 rfftfreq \
            rfftn"),
        ("scipy.ndimage._filters", "convolve convolve1d correlate correlate1d gaussian_filter gaussian_filter1d \
            gaussian_gradient_magnitude gaussian_laplace laplace maximum_filter maximum_filter1d median_filter minimum_filter \
            minimum_filter1d percentile_filter prewitt rank_filter sobel uniform_filter uniform_filter1d"),
        ("scipy.ndimage._interpolation", "affine_transform map_coordinates rotate shift spline_filter spline_filter1d zoom"),
        ("scipy.ndimage._morphology", "binary_closing binary_dilation binary_erosion binary_fill_holes binary_hit_or_miss \
            binary_opening binary_propagation black_tophat distance_transform_bf distance_transform_cdt distance_transform_edt \
            generate_binary_structure grey_closing grey_dilation grey_erosion grey_opening iterate_structure morphological_gradient \
            morphological_laplace white_tophat"),
        ("scipy.ndimage._measurements", "center_of_mass extrema find_objects histogram label maximum maximum_position mean median \
            minimum minimum_position standard_deviation sum sum_labels value_indices variance watershed_ift"),
        ("scipy.signal._savitzky_golay", "savgol_coeffs savgol_filter"),
        ("scipy.signal._signaltools", "choose_conv_method cmplx_sort convolve convolve2d correlate correlate2d correlation_lags \
            decimate deconvolve detrend envelope fftconvolve filtfilt hilbert hilbert2 invres invresz lfilter lfilter_zi lfiltic \
            medfilt medfilt2d oaconvolve order_filter resample resample_poly residue residuez sosfilt sosfilt_zi sosfiltfilt \
            unique_roots vectorstrength wiener"),
        ("scipy.signal._spectral_py", "check_COLA check_NOLA coherence csd istft lombscargle periodogram spectrogram stft welch"),
        ("scipy.signal._peak_finding", "argrelextrema argrelmax argrelmin find_peaks find_peaks_cwt peak_prominences peak_widths"),
        ("scipy.special", SPECIAL),
        ("scipy.special._basic", SPECIAL),
        ("scipy.special._logsumexp", SPECIAL),
        ("scipy.special._special_ufuncs", SPECIAL),
        ("scipy.special._ufuncs", SPECIAL),
        ("scipy.stats", STATS),
        ("scipy.stats._stats_py", STATS),
        ("scipy.stats._morestats", STATS),
        ("scipy.stats._entropy", "entropy"),
        ("scipy.stats", "alpha anglit arcsine argus barnard_exact bernoulli beta betabinom betanbinom betaprime binom binomtest \
            boltzmann boschloo_exact bradford burr burr12 bws_test cauchy chatterjeexi chi chi2 chi2_contingency cosine \
            cramervonmises_2samp crystalball dgamma dirichlet dirichlet_multinomial dlaplace dpareto_lognorm dunnett dweibull ecdf \
            entropy epps_singleton_2samp erlang expon exponnorm exponpow exponweib f fatiguelife fisk foldcauchy foldnorm gamma \
            gausshyper genexpon genextreme gengamma genhalflogistic genhyperbolic geninvgauss genlogistic gennorm genpareto geom \
            gibrat gilbrat gompertz gumbel_l gumbel_r halfcauchy halfgennorm halflogistic halfnorm hypergeom hypsecant invgamma \
            invgauss invweibull invwishart irwinhall jf_skew_t johnsonsb johnsonsu kappa3 kappa4 ksone kstwo kstwobign landau \
            laplace laplace_asymmetric levy levy_l levy_stable loggamma logistic loglaplace lognorm logrank logser loguniform lomax \
            mannwhitneyu matrix_normal matrix_t maxwell mielke moyal multinomial multivariate_hypergeom multivariate_normal \
            multivariate_t nakagami nbinom ncf nchypergeom_fisher nchypergeom_wallenius nct ncx2 nhypergeom norm \
            normal_inverse_gamma norminvgauss order_statistic ortho_group page_trend_test pareto pearson3 planck poisson \
            poisson_binom poisson_means_test powerlaw powerlognorm powernorm quantile randint random_correlation random_table \
            rayleigh rdist recipinvgauss reciprocal rel_breitwigner rice semicircular skellam skewcauchy skewnorm somersd \
            spearmanrho special_ortho_group studentized_range t theilslopes trapezoid trapz triang truncexpon truncnorm truncpareto \
            truncweibull_min tukey_hsd tukeylambda uniform uniform_direction unitary_group variation vonmises vonmises_fisher \
            vonmises_line wald weibull_max weibull_min wishart wrapcauchy yulesimon zipf zipfian"),
        ("scipy.spatial.distance", "braycurtis canberra chebyshev cityblock correlation cosine dice euclidean hamming is_valid_dm \
            is_valid_y jaccard jensenshannon kulczynski1 kulsinski mahalanobis minkowski num_obs_dm num_obs_y rogerstanimoto \
            russellrao seuclidean sokalmichener sokalsneath sqeuclidean squareform yule"),
    ]),
    (Reference, Any, "a score, a distance or a preparation of data that a model holds as a setting", &[
        ("sklearn.metrics._classification", "accuracy_score balanced_accuracy_score brier_score_loss class_likelihood_ratios \
            classification_report cohen_kappa_score confusion_matrix d2_brier_score d2_log_loss_score f1_score fbeta_score \
            hamming_loss hinge_loss jaccard_score log_loss matthews_corrcoef multilabel_confusion_matrix \
            precision_recall_fscore_support precision_score recall_score zero_one_loss"),
        ("sklearn.metrics._regression", "d2_absolute_error_score d2_pinball_score d2_tweedie_score explained_variance_score \
            max_error mean_absolute_error mean_absolute_percentage_error mean_gamma_deviance mean_pinball_loss \
            mean_poisson_deviance mean_squared_error mean_squared_log_error mean_tweedie_deviance median_absolute_error r2_score \
            root_mean_squared_error root_mean_squared_log_error"),
        ("sklearn.metrics._ranking", "auc average_precision_score confusion_matrix_at_thresholds coverage_error dcg_score det_curve \
            label_ranking_average_precision_score label_ranking_loss metric_at_thresholds ndcg_score precision_recall_curve \
            roc_auc_score roc_curve top_k_accuracy_score"),
        ("sklearn.metrics.pairwise", "additive_chi2_kernel chi2_kernel cosine_distances cosine_similarity distance_metrics \
            euclidean_distances haversine_distances kernel_metrics laplacian_kernel linear_kernel manhattan_distances \
            nan_euclidean_distances paired_cosine_distances paired_euclidean_distances paired_manhattan_distances polynomial_kernel \
            rbf_kernel sigmoid_kernel"),
        ("sklearn.metrics.cluster._supervised", "adjusted_mutual_info_score adjusted_rand_score check_clusterings \
            completeness_score contingency_matrix entropy fowlkes_mallows_score homogeneity_completeness_v_measure \
            homogeneity_score mutual_info_score normalized_mutual_info_score pair_confusion_matrix rand_score v_measure_score"),
        ("sklearn.metrics.cluster._unsupervised", "calinski_harabasz_score check_number_of_labels davies_bouldin_score \
            silhouette_samples"),
        ("sklearn.cluster._kmeans", "kmeans_plusplus"),
        ("sklearn.datasets._samples_generator", "make_biclusters make_blobs make_checkerboard make_circles make_classification make_friedman1 \
            make_friedman2 make_friedman3 make_gaussian_quantiles make_hastie_10_2 make_low_rank_matrix make_moons make_multilabel_classification \
            make_regression make_s_curve make_sparse_coded_signal make_sparse_spd_matrix make_sparse_uncorrelated make_spd_matrix make_swiss_roll"),
        ("sklearn.model_selection._split", "train_test_split"),
        ("sklearn.preprocessing._data", "add_dummy_feature binarize maxabs_scale minmax_scale normalize power_transform quantile_transform \
            robust_scale scale"),
        ("sklearn.utils", "resample shuffle"),
        ("sklearn.utils._indexing", "resample shuffle"),
        ("sklearn.utils.validation", "check_array"),
        ("networkx.algorithms.centrality.betweenness", "betweenness_centrality"),
        ("networkx.algorithms.link_analysis.pagerank_alg", "pagerank"),
    ]),
    (Reference, Any, "a function over tensors that a model holds as a setting", &[
        ("torch.nn.functional", "adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d \
            adaptive_max_pool1d_with_indices adaptive_max_pool2d adaptive_max_pool2d_with_indices adaptive_max_pool3d \
            adaptive_max_pool3d_with_indices affine_grid alpha_dropout avg_pool1d avg_pool2d avg_pool3d batch_norm bilinear \
            binary_cross_entropy binary_cross_entropy_with_logits celu celu_ channel_shuffle conv1d conv2d conv3d conv_tbc \
            conv_transpose1d conv_transpose2d conv_transpose3d cosine_embedding_loss cosine_similarity cross_entropy ctc_loss \
            dropout dropout1d dropout2d dropout3d elu elu_ embedding embedding_bag feature_alpha_dropout fold fractional_max_pool2d \
            fractional_max_pool2d_with_indices fractional_max_pool3d fractional_max_pool3d_with_indices gaussian_nll_loss gelu glu \
            grid_sample group_norm gumbel_softmax hardshrink hardsigmoid hardswish hardtanh hardtanh_ hinge_embedding_loss \
            huber_loss instance_norm interpolate kl_div l1_loss layer_norm leaky_relu leaky_relu_ linear local_response_norm \
            log_softmax logsigmoid lp_pool1d lp_pool2d lp_pool3d margin_ranking_loss max_pool1d max_pool1d_with_indices max_pool2d \
            max_pool2d_with_indices max_pool3d max_pool3d_with_indices max_unpool1d max_unpool2d max_unpool3d mish mse_loss \
            multi_head_attention_forward multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss \
            native_channel_shuffle nll_loss normalize one_hot pad pairwise_distance pixel_shuffle pixel_unshuffle poisson_nll_loss \
            prelu relu relu6 relu_ rms_norm rrelu rrelu_ scaled_dot_product_attention selu selu_ sigmoid silu smooth_l1_loss \
            soft_margin_loss softmax softmin softplus softshrink softsign tanh tanhshrink threshold threshold_ triplet_margin_loss \
            unfold upsample upsample_bilinear upsample_nearest"),
        ("torch.nn.init", "_calculate_fan_in_and_fan_out calculate_gain constant constant_ dirac dirac_ eye eye_ kaiming_normal \
            kaiming_normal_ kaiming_uniform kaiming_uniform_ normal normal_ ones_ orthogonal orthogonal_ sparse sparse_ \
            trunc_normal_ uniform uniform_ xavier_normal xavier_normal_ xavier_uniform xavier_uniform_ zeros_"),
        ("torch", "abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr adjoint all allclose alpha_dropout amax amin \
            aminmax angle any arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin argsort argwhere asarray \
            asin asinh atan atan2 atanh atleast_1d atleast_2d atleast_3d avg_pool1d baddbmm bernoulli bilinear \
            binary_cross_entropy_with_logits bincount bitwise_and bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift \
            bitwise_xor block_diag bmm broadcast_to bucketize cartesian_prod cat cdist ceil chain_matmul channels_last chunk clamp \
            clamp_max clamp_min clip clone column_stack complex concat concatenate conj conj_physical contiguous_format conv1d \
            conv2d conv3d convolution copysign corrcoef cos cosh cosine_embedding_loss cosine_similarity count_nonzero cov cross \
            ctc_loss cummax cummin cumprod cumsum cumulative_trapezoid deg2rad det detach diag diag_embed diagflat diagonal diff \
            digamma dist div divide dot dropout dsplit dstack einsum embedding embedding_bag empty empty_like eq equal erf erfc \
            erfinv exp exp2 expm1 eye fill fix flatten flip fliplr flipud float_power floor floor_divide fmax fmin fmod frac frexp \
            frobenius_norm from_numpy full full_like gather ge ger gradient greater greater_equal group_norm gt hardshrink \
            heaviside hinge_embedding_loss histc histogram histogramdd hsplit hstack hypot i0 igamma igammac imag inner \
            instance_norm inverse isclose isfinite isin isinf isnan isneginf isposinf isreal kl_div kron kthvalue layer_norm lcm \
            ldexp le lerp less less_equal lgamma linspace log log10 log1p log2 log_softmax logaddexp logaddexp2 logcumsumexp logdet \
            logical_and logical_not logical_or logical_xor logit logspace logsumexp lt margin_ranking_loss masked_fill \
            masked_select matmul matrix_exp matrix_power max maximum mean median meshgrid min minimum mm mode moveaxis movedim \
            msort mul multinomial multiply mv mvlgamma nanmean nanmedian nanquantile nansum narrow ne neg negative nextafter \
            nonzero nonzero_static norm normal not_equal numel ones ones_like outer pairwise_distance permute pinverse \
            pixel_shuffle pixel_unshuffle polar polygamma positive pow prelu preserve_format prod qr quantile rad2deg rand \
            rand_like randint randn randn_like randperm ravel real reciprocal relu remainder repeat_interleave reshape resolve_conj \
            resolve_neg rms_norm roll rot90 round row_stack rsqrt rsub searchsorted select sgn sigmoid sign signbit sin sinc sinh \
            slogdet softmax sort sparse_coo sparse_csr split split_with_sizes sqrt square squeeze stack std std_mean strided sub \
            subtract sum svd swapaxes swapdims t take take_along_dim tan tanh tensor tensor_split tensordot threshold tile topk \
            trace transpose trapezoid tril tril_indices triplet_margin_loss triu triu_indices true_divide trunc unbind unflatten \
            unique_consecutive unsqueeze vander var var_mean vdot view_as_complex view_as_real vsplit vstack where xlogy zeros \
            zeros_like"),
        ("torch._C", "_VariableFunctionsClass"),
        ("torch._utils", "torch.channels_last torch.contiguous_format torch.preserve_format"),
        ("torch._C._nn", "elu gelu glu hardsigmoid hardswish hardtanh leaky_relu log_sigmoid mish relu6 silu softplus softshrink"),
        ("torch.optim.swa_utils", "SWALR._cosine_anneal SWALR._linear_anneal"),
        ("torch.utils.data._utils.collate", "default_collate default_convert"),
        ("torchvision.transforms.v2._utils", "_find_labels_default_heuristic"),
    ]),
    (Reference, Runs, "a function over arrays that can be given another to call", &[
        ("scipy.optimize._minimize", "minimize minimize_scalar"),
        ("sklearn.model_selection._validation", "cross_val_predict cross_val_score cross_validate"),
        ("scipy.ndimage._filters", "generic_filter generic_filter1d generic_gradient_magnitude generic_laplace vectorized_filter"),
        ("scipy.ndimage._interpolation", "geometric_transform"),
        ("scipy.ndimage._measurements", "labeled_comprehension"),
        ("scipy.stats", "anderson_ksamp ansari boxcox boxcox_normmax boxcox_normplot combine_pvalues ks_1samp kstest \
            multiscale_graphcorr pearsonr ppcc_max ppcc_plot probplot ttest_ind yeojohnson_normmax yeojohnson_normplot"),
        ("scipy.stats._stats_py", "combine_pvalues ks_1samp kstest multiscale_graphcorr pearsonr ttest_ind"),
        ("scipy.stats._morestats", "anderson_ksamp ansari boxcox boxcox_normmax boxcox_normplot ppcc_max ppcc_plot probplot \
            yeojohnson_normmax yeojohnson_normplot"),
        ("scipy.spatial.distance", "cdist directed_hausdorff pdist"),
        ("sklearn.metrics.pairwise", "paired_distances pairwise_distances pairwise_distances_argmin pairwise_distances_argmin_min \
            pairwise_distances_chunked pairwise_kernels"),
        ("sklearn.metrics.cluster._unsupervised", "silhouette_score"),
        ("sklearn.metrics.cluster._bicluster", "consensus_score"),
        ("torch.nn.functional", "triplet_margin_with_distance_loss"),
    ]),
];
