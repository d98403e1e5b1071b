extension BuiltInCodes {
  /// Villages 村, activities 活动, volunteers 志愿服务, culture 文化建设 and reference data 基础数据.
  static let villagesAndActivities = #"""
    township_kind,subdistrict,街道,subdistrict,1,2020-01-01,
    township_kind,town,镇,town,1,2020-01-01,
    township_kind,township,乡,township,1,2020-01-01,
    village_kind,village,村,village,1,2020-01-01,
    village_kind,community,社区,community,1,2020-01-01,
    criteria_kind,litigation_free_village,无讼村,litigation-free village,1,2020-01-01,
    criteria_kind,fengqiao_tribunal,枫桥式人民法庭,Fengqiao-model tribunal,1,2020-01-01,
    criteria_kind,civilised_unit,文明单位,civilised unit,1,2020-01-01,
    criteria_kind,five_star_branch,五星支部,five-star branch,1,2020-01-01,
    criteria_kind,three_zeros,三零创建,three zeros,1,2020-01-01,
    criteria_kind,other,其他,other,1,2020-01-01,
    criterion_kind,threshold,指标项,threshold,1,2020-01-01,
    criterion_kind,mechanism,机制项,mechanism,1,2020-01-01,
    criterion_kind,veto,一票否决项,veto,1,2020-01-01,
    criterion_measure,filings,一审民事起诉件数,first-instance civil filings,1,2020-01-01,
    criterion_measure,suit_rate_10k,万人成讼率,"suits per 10,000 people",1,2020-01-01,
    criterion_measure,sue_rate_10k,万人起诉率,"filings per 10,000 people",1,2020-01-01,
    criterion_measure,open_disputes,未办结且超期的纠纷件数,open disputes past their time,1,2020-01-01,
    criterion_measure,trained_mediators,经培训的调解员人数,trained mediators,1,2020-01-01,
    criterion_measure,publicity_events,普法宣传场次,publicity events,1,2020-01-01,
    criterion_measure,circuit_hearings,巡回审判场次,circuit hearings,1,2020-01-01,
    criterion_measure,quarterly_notices,按季通报次数,quarterly notices,1,2020-01-01,
    criterion_measure,agreement,共建协议,agreement of the bodies,1,2020-01-01,
    criterion_measure,named_judge,包村法官,named judge,1,2020-01-01,
    criterion_measure,mediation_room,调解室或法治小屋,mediation room,1,2020-01-01,
    criterion_measure,manual,人工认定,judged by a person,1,2020-01-01,
    comparison,at_most,不高于,at most,1,2020-01-01,
    comparison,at_least,不低于,at least,1,2020-01-01,
    comparison,falling,逐年下降,falling year by year,1,2020-01-01,
    comparison,present,具备,present,1,2020-01-01,
    assessment_outcome,pending,评定中,pending,1,2020-01-01,
    assessment_outcome,met,达标,met,1,2020-01-01,
    assessment_outcome,not_met,未达标,not met,1,2020-01-01,
    assessment_outcome,named,命名,named,1,2020-01-01,
    assessment_outcome,revoked,撤销命名,revoked,1,2020-01-01,
    training_kind,village_cadres,村干部,village cadres,1,2020-01-01,
    training_kind,mediators,调解员,mediators,1,2020-01-01,
    training_kind,law_reps,法律明白人,village law representatives,1,2020-01-01,
    training_kind,volunteers,志愿者,volunteers,1,2020-01-01,
    training_kind,staff,法院干警,court staff,1,2020-01-01,
    training_kind,mixed,综合,mixed,1,2020-01-01,
    attendance_role,trainee,学员,trainee,1,2020-01-01,
    attendance_role,lecturer,授课人,lecturer,1,2020-01-01,
    attendance_role,organiser,组织者,organiser,1,2020-01-01,
    programme,organisational_life,组织生活,organisational life,1,2020-01-01,
    programme,study,学习与廉政,study and discipline,1,2020-01-01,
    programme,civilised_leadership,党建+文明引领,civilised leadership,1,2020-01-01,
    programme,volunteering,党建+志愿服务,volunteering,1,2020-01-01,
    programme,culture,党建+文化建设,culture,1,2020-01-01,
    programme,justice,党建+司法为民,justice for the people,1,2020-01-01,
    activity_kind,general_meeting,支部党员大会,branch general meeting,1,2020-01-01,organisational_life
    activity_kind,committee,支部委员会会议,branch committee,1,2020-01-01,organisational_life
    activity_kind,group,党小组会,party group meeting,1,2020-01-01,organisational_life
    activity_kind,lecture,党课,party lecture,1,2020-01-01,organisational_life
    activity_kind,theme_day,主题党日,theme party day,1,2020-01-01,organisational_life
    activity_kind,life_meeting,组织生活会,organisational life meeting,1,2020-01-01,organisational_life
    activity_kind,appraisal,民主评议党员,democratic appraisal of members,1,2020-01-01,organisational_life
    activity_kind,talks,谈心谈话,heart-to-heart talks,1,2020-01-01,organisational_life
    activity_kind,oath,重温入党誓词,review of the oath,1,2020-01-01,organisational_life
    activity_kind,activity_day,党员活动日,members activity day,1,2020-01-01,organisational_life
    activity_kind,theme_education,主题教育,theme education,1,2020-01-01,study
    activity_kind,political_rotation,政治轮训,political training in turns,1,2020-01-01,study
    activity_kind,warning_education,警示教育,warning education,1,2020-01-01,study
    activity_kind,role_models,学习先锋模范,learning from role models,1,2020-01-01,study
    activity_kind,report_talk,宣讲报告会,report talk,1,2020-01-01,study
    activity_kind,integrity_meeting,党风廉政建设会议,clean conduct meeting,1,2020-01-01,study
    activity_kind,civilisation_practice,新时代文明实践,civilisation practice,1,2020-01-01,civilised_leadership
    activity_kind,law_forum,法治大讲堂,rule-of-law forum,1,2020-01-01,civilised_leadership
    activity_kind,moral_lecture,法律道德讲座,law and morals lecture,1,2020-01-01,civilised_leadership
    activity_kind,outline_study,纲要、条例学习,study of outlines and regulations,1,2020-01-01,civilised_leadership
    activity_kind,core_values,社会主义核心价值观教育,core values,1,2020-01-01,civilised_leadership
    activity_kind,our_festivals,我们的节日,Our Festivals,1,2020-01-01,civilised_leadership
    activity_kind,study_trip,红色基地研学,red-base study trip,1,2020-01-01,civilised_leadership
    activity_kind,model_post,党员示范岗,model post,1,2020-01-01,civilised_leadership
    activity_kind,peoples_judge,人民满意的法官,judge the people are content with,1,2020-01-01,civilised_leadership
    activity_kind,mobilisation,动员会,mobilisation meeting,1,2020-01-01,civilised_leadership
    activity_kind,civilised_unit_task,文明单位创建,civilised unit task,1,2020-01-01,civilised_leadership
    activity_kind,volunteer_service,志愿服务,volunteer service,1,2020-01-01,volunteering
    activity_kind,practical_help,我为群众办实事,practical help for the people,1,2020-01-01,volunteering
    activity_kind,double_report,双报到,double report,1,2020-01-01,volunteering
    activity_kind,law_into,法律进基层,law into seven settings,1,2020-01-01,volunteering
    activity_kind,preaching,宣讲,talks to the public,1,2020-01-01,volunteering
    activity_kind,online_civility,网络文明传播,online civility,1,2020-01-01,volunteering
    activity_kind,traffic,交通文明劝导,traffic civility,1,2020-01-01,volunteering
    activity_kind,street_cleaning,分包路段清洁,cleaning of a street section,1,2020-01-01,volunteering
    activity_kind,community_building,社区共建共治,building the community together,1,2020-01-01,volunteering
    activity_kind,customs_reform,移风易俗,reform of customs,1,2020-01-01,volunteering
    activity_kind,left_behind_children,关爱留守儿童,care for left-behind children,1,2020-01-01,volunteering
    activity_kind,rural_revitalisation,乡村振兴,rural revitalisation,1,2020-01-01,volunteering
    activity_kind,law_to_countryside,送法下乡,law to the countryside,1,2020-01-01,volunteering
    activity_kind,poor_household,贫困户帮扶,help for a poor household,1,2020-01-01,volunteering
    activity_kind,old_members,慰问老党员,visits to old members,1,2020-01-01,volunteering
    activity_kind,five_star_branch,五星支部创建,five-star branch,1,2020-01-01,volunteering
    activity_kind,three_zeros,三零创建,three zeros,1,2020-01-01,volunteering
    activity_kind,anti_fraud,反诈宣传,anti-fraud,1,2020-01-01,volunteering
    activity_kind,speech,演讲朗诵,speeches and recitals,1,2020-01-01,culture
    activity_kind,performance,文艺演出,performance,1,2020-01-01,culture
    activity_kind,contest,文体比赛,contest,1,2020-01-01,culture
    activity_kind,staff_games,职工运动会,staff games,1,2020-01-01,culture
    activity_kind,reading,读书交流,reading circle,1,2020-01-01,culture
    activity_kind,health_lecture,健康讲座,health lecture,1,2020-01-01,culture
    activity_kind,civilised_table,文明餐桌,civilised table,1,2020-01-01,culture
    activity_kind,open_day,邀请中学生进法院,open day,1,2020-01-01,culture
    activity_kind,president_lecture,院长进校园,president's school lecture,1,2020-01-01,culture
    activity_kind,traditional_culture,传统文化民俗与普法结合,law with traditional culture,1,2020-01-01,culture
    activity_kind,case_teaching,以案说法,teaching by the case,1,2020-01-01,justice
    activity_kind,circuit_hearing,巡回审判进基层,circuit hearing,1,2020-01-01,justice
    activity_kind,fengqiao_building,枫桥式人民法庭创建,building a Fengqiao-model tribunal,1,2020-01-01,justice
    activity_kind,quality_review,审判执行质效分析,trial and enforcement quality review,1,2020-01-01,justice
    activity_kind,other,其他,other,1,2020-01-01,
    activity_status,planned,计划中,planned,1,2020-01-01,
    activity_status,held,已开展,held,1,2020-01-01,
    activity_status,postponed,延期,postponed,1,2020-01-01,
    activity_status,cancelled,取消,cancelled,1,2020-01-01,
    our_festivals,spring,春节,Spring Festival,1,2020-01-01,
    our_festivals,lantern,元宵节,Lantern Festival,1,2020-01-01,
    our_festivals,qingming,清明节,Qingming,1,2020-01-01,
    our_festivals,dragon,端午节,Dragon Boat,1,2020-01-01,
    our_festivals,qixi,七夕节,Qixi,1,2020-01-01,
    our_festivals,midautumn,中秋节,Mid-Autumn,1,2020-01-01,
    our_festivals,chongyang,重阳节,Double Ninth,1,2020-01-01,
    our_festivals,national_day,国庆节,National Day,1,2020-01-01,
    law_into_seven,agency,进机关,government offices,1,2020-01-01,
    law_into_seven,village,进乡村,villages,1,2020-01-01,
    law_into_seven,community,进社区,communities,1,2020-01-01,
    law_into_seven,school,进学校,schools,1,2020-01-01,
    law_into_seven,company,进企业,companies,1,2020-01-01,
    law_into_seven,unit,进单位,other units,1,2020-01-01,
    law_into_seven,religious,进宗教场所,places of worship,1,2020-01-01,
    law_into_seven,army,进军营,barracks,1,2020-01-01,
    law_into_seven,network,进网络,the internet,1,2020-01-01,
    law_into_seven,market,进市场,markets,1,2020-01-01,
    law_into_seven,family,进家庭,families,1,2020-01-01,
    tag_list,four_leads,四个带头,four leads,1,2020-01-01,
    tag_list,anti_fraud,反诈宣传主题,anti-fraud topics,1,2020-01-01,
    tag_list,documents,所学纲要条例,outlines and regulations studied,1,2020-01-01,
    tag_list,other,其他,other,1,2020-01-01,
    four_leads,ideals,带头坚定理想信念,ideals and convictions,1,2020-01-01,
    four_leads,values,带头践行社会主义核心价值观,core values,1,2020-01-01,
    four_leads,morals,带头提升道德修养,moral cultivation,1,2020-01-01,
    four_leads,volunteer,带头参加志愿服务,volunteering,1,2020-01-01,
    anti_fraud,telecom,防范电信网络诈骗,telecom and online fraud,1,2020-01-01,
    anti_fraud,fundraising,防范非法集资,illegal fund-raising,1,2020-01-01,
    anti_fraud,elderly,防范养老诈骗,fraud on the elderly,1,2020-01-01,
    documents,patriotism,新时代爱国主义教育实施纲要,outline for patriotic education,1,2020-01-01,
    documents,morality,新时代公民道德建设实施纲要,outline for civic morality,1,2020-01-01,
    documents,henan_civility,河南省文明行为促进条例,Henan regulation on civilised conduct,1,2020-01-01,
    documents,luohe_civility,漯河市文明行为促进条例,Luohe regulation on civilised conduct,1,2020-01-01,
    documents,henan_volunteer,河南省志愿服务条例,Henan volunteer service regulation,1,2020-01-01,
    participant_role,participant,参加人,participant,1,2020-01-01,
    participant_role,speaker,主讲人,speaker,1,2020-01-01,
    participant_role,host,主持人,host,1,2020-01-01,
    participant_role,organiser,组织者,organiser,1,2020-01-01,
    participant_role,volunteer,志愿者,volunteer,1,2020-01-01,
    participant_role,guest,来宾,guest,1,2020-01-01,
    output_kind,lecture,授课,lecture given,1,2020-01-01,
    output_kind,report,报告,report,1,2020-01-01,
    output_kind,reflection,心得体会,reflection,1,2020-01-01,
    output_kind,research_article,调研文章,research article,1,2020-01-01,
    target_kind,civilised_unit,文明单位创建任务,task of the civilised unit,1,2020-01-01,
    target_kind,annual_plan,年度计划,annual plan,1,2020-01-01,
    target_kind,service_list,志愿服务清单,service list,1,2020-01-01,
    target_kind,other,其他,other,1,2020-01-01,
    branch_role,secretary,书记,secretary,1,2020-01-01,
    branch_role,deputy_secretary,副书记,deputy secretary,1,2020-01-01,
    branch_role,committee_member,委员,committee member,1,2020-01-01,
    branch_role,group_leader,党小组长,group leader,1,2020-01-01,
    branch_role,member,党员,member,1,2020-01-01,
    branch_role,probationary,预备党员,probationary member,1,2020-01-01,
    service_item_status,open,待认领,open,1,2020-01-01,
    service_item_status,taken,已认领,taken,1,2020-01-01,
    service_item_status,done,已完成,done,1,2020-01-01,
    double_report,unit,单位党组织到所在地社区报到,the unit party organisation reports to its local community,1,2020-01-01,
    double_report,member,在职党员到居住地社区报到,working members report to the community where they live,1,2020-01-01,
    double_report,anyang,双报到双服务双报告,Anyang variant,1,2020-01-01,
    facility_kind,culture_corridor,文化长廊,culture corridor,1,2020-01-01,
    facility_kind,integrity_corridor,廉政走廊,integrity corridor,1,2020-01-01,
    facility_kind,publicity_board,宣传栏,publicity board,1,2020-01-01,
    facility_kind,notice_board,公示栏,notice board,1,2020-01-01,
    facility_kind,members_room,党员活动室,members' room,1,2020-01-01,
    facility_kind,video_room,视频会议室,video room,1,2020-01-01,
    facility_kind,library,图书室,library,1,2020-01-01,
    facility_kind,honour_room,荣誉室,honour room,1,2020-01-01,
    facility_kind,courtroom,审判庭,courtroom,1,2020-01-01,
    facility_kind,mediation_room,调解室,mediation room,1,2020-01-01,
    facility_kind,circuit_point,巡回审判点,circuit hearing point,1,2020-01-01,
    facility_kind,other,其他,other,1,2020-01-01,
    publicity_channel,website,官网,website,1,2020-01-01,
    publicity_channel,weibo,微博,Weibo,1,2020-01-01,
    publicity_channel,wechat,微信公众号,WeChat account,1,2020-01-01,
    publicity_channel,newspaper,报纸,newspaper,1,2020-01-01,
    publicity_channel,broadcast,广播电视,radio and television,1,2020-01-01,
    publicity_channel,short_video,短视频,short video,1,2020-01-01,
    publicity_channel,notice_board,宣传栏,notice board,1,2020-01-01,
    publicity_channel,other,其他,other,1,2020-01-01,
    level,national,国家级,national,1,2020-01-01,
    level,provincial,省级,provincial,1,2020-01-01,
    level,municipal,市级,municipal,1,2020-01-01,
    level,county,县区级,county,1,2020-01-01,
    level,township,乡镇级,township,1,2020-01-01,
    level,court,本院,the court itself,1,2020-01-01,
    completeness,missing,未提供,missing,1,2020-01-01,
    completeness,partial,部分提供,partial,1,2020-01-01,
    completeness,complete,已齐备,complete,1,2020-01-01,
    calendar_day_kind,holiday,放假,holiday,1,2020-01-01,
    calendar_day_kind,workday,上班,working day,1,2020-01-01,
    festival_kind,traditional,传统节日,traditional,1,2020-01-01,
    festival_kind,national,全国性节日,national,1,2020-01-01,
    festival_kind,legal,法治主题日,legal,1,2020-01-01,
    festival_kind,memorial,纪念日,memorial,1,2020-01-01,
    calendar_system,solar,公历,solar,1,2020-01-01,
    calendar_system,lunar,农历,lunar,1,2020-01-01,
    calendar_system,solar_term,节气,solar term,1,2020-01-01,
    limit_unit,days,日,days,1,2020-01-01,
    limit_unit,working_days,工作日,working days,1,2020-01-01,
    limit_unit,months,月,months,1,2020-01-01,
    limit_unit,years,年,years,1,2020-01-01,
    limit_unit,hours,小时,hours,1,2020-01-01,
    limit_unit,times,次,times,1,2020-01-01,
    limit_unit,percent_of_average_wage,占全省上年度就业人员年平均工资百分比,percent of provincial annual average wage,1,2020-01-01,
    source_basis,read,已读原文,read,1,2020-01-01,
    source_basis,general,一般知识,general,1,2020-01-01,
    source_basis,own,本系统默认,own,1,2020-01-01,
    direction,higher,越高越好,higher,1,2020-01-01,
    direction,lower,越低越好,lower,1,2020-01-01,
    direction,range,合理区间,range,1,2020-01-01,
    direction,count,计数,count,1,2020-01-01,

    """#
}
